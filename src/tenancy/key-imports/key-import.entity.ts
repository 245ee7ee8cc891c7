import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Identified, TIMESTAMP } from '../../core/database/base.entity.js';
import { Org } from '../orgs/org.entity.js';
import type { ImportFormat } from './import-format.js';

/** Keys that an org brought from another product, and how that product stored them. */
@Entity('key_imports')
@Index('key_imports_name', ['org_id', 'name'], { unique: true })
export class KeyImport extends Identified {
  @Column('uuid')
  @ForeignKey(() => Org, { name: 'key_imports_org_fk' })
  org_id: string;

  @Column('text')
  name: string;

  @Column('jsonb')
  format: ImportFormat;

  /** Encrypted; null without one. */
  @Column('bytea', { nullable: true })
  pepper: Buffer | null;

  @Column(TIMESTAMP)
  last_batch_at: Date;

  /** Of the last batch, as the others. */
  @Column('integer', { default: 0 })
  last_created: number;

  @Column('integer', { default: 0 })
  last_existing: number;

  @Column('integer', { default: 0 })
  last_invalid: number;
}
