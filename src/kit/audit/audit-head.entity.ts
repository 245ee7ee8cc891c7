import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** The newest link of a chain. Its row lock puts the entries of one chain in order. */
@Entity('audit_heads')
export class AuditHead {
  @PrimaryColumn('text')
  chain: string;

  @Column('integer')
  sequence: number;

  @Column('text')
  hash: string;

  /** The audit key that `mac` was made under; null until the installation has its first one. */
  @Column('uuid', { nullable: true })
  key_id: string | null;

  /** HMAC-SHA256 over the columns above, hex, so that a head can't be set back. */
  @Column('text', { nullable: true })
  mac: string | null;

  @Column(TIMESTAMP)
  updated_at: Date;
}
