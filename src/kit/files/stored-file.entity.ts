import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/**
 * A file on the disk. Its row is inserted before the file is written and deleted after the file, so that the sweep
 * finds what a crash leaves behind and never deletes unknown files.
 */
@Entity('stored_files')
@Check('stored_files_state', `state IN ('arriving', 'kept', 'released')`)
@Index('stored_files_org', ['org_id'])
@Index('stored_files_sweep', ['id'], { where: `state <> 'kept'` })
export class StoredFile {
  /** Also the name on the disk. */
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  @ForeignKey('orgs', { name: 'stored_files_org_fk' })
  org_id: string;

  /** `arriving` until a feature's row references it; `released` after that row is deleted. */
  @Column('text', { default: 'arriving' })
  state: 'arriving' | 'kept' | 'released';

  /** 0 until kept. */
  @Column('bigint', { default: 0 })
  bytes: string;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
