import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import type { StoreName } from '../../core/config/config.js';

/**
 * A file in a store. Its row is inserted before the file is written and deleted after the file, so that the sweep
 * finds what a crash leaves behind and never deletes unknown files.
 */
@Entity('stored_files')
@Check('stored_files_state', `state IN ('arriving', 'kept', 'released')`)
@Check('stored_files_store', `store IN ('local', 's3')`)
@Check('stored_files_also_in', `also_in IN ('local', 's3') AND also_in <> store`)
@Index('stored_files_org', ['org_id'])
@Index('stored_files_sweep', ['id'], { where: `state <> 'kept'` })
export class StoredFile {
  /** Also the name in the store. */
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

  /** Where it is read. */
  @Column('text', { default: 'local' })
  store: StoreName;

  /** The other store, while a move may have left a copy there, complete or not. */
  @Column('text', { nullable: true })
  also_in: StoreName | null;

  /** Null for files of releases up to 0.1. */
  @Column('bytea', { nullable: true })
  sha256: Buffer | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
