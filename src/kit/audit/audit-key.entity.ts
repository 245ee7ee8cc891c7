import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** A random key that links of the audit's chains are made under. The newest is in use; all verify. */
@Entity('audit_keys')
export class AuditKeyRow {
  @PrimaryColumn('uuid')
  id: string;

  /** 32 bytes in base64, sealed. */
  @Column('bytea', { select: false })
  sealed_key: Buffer;

  @Column(TIMESTAMP)
  created_at: Date;
}
