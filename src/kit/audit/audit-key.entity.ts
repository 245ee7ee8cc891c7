import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** A random key that signs audit links. The newest signs new ones; all verify. */
@Entity('audit_keys')
export class AuditKeyRow {
  @PrimaryColumn('uuid')
  id: string;

  /** 32 bytes in base64, encrypted. */
  @Column('bytea', { select: false })
  sealed_key: Buffer;

  @Column(TIMESTAMP)
  created_at: Date;
}
