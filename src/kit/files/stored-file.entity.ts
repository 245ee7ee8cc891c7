import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/**
 * Every file that is on the disk, may be, or may still be. The row is there before the file and goes after it, so that
 * whatever a crash leaves behind is found by its row, and nothing is deleted that has none.
 */
@Entity('stored_files')
@Check('stored_files_state', `state IN ('arriving', 'kept', 'released')`)
@Index('stored_files_org', ['org_id'])
@Index('stored_files_sweep', ['id'], { where: `state <> 'kept'` })
export class StoredFile {
  /** Also its name on the disk. */
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  @ForeignKey('orgs', { name: 'stored_files_org_fk' })
  org_id: string;

  /** `arriving` until a row of a feature points to it; `released` when that row has gone. */
  @Column('text', { default: 'arriving' })
  state: 'arriving' | 'kept' | 'released';

  /** Known when it is kept. */
  @Column('bigint', { default: 0 })
  bytes: string;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
