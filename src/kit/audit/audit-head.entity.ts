import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** The newest link of a chain. Its row lock serializes appends. */
@Entity('audit_heads')
export class AuditHead {
  @PrimaryColumn('text')
  chain: string;

  @Column('integer')
  sequence: number;

  @Column('text')
  hash: string;

  /** The audit key of `mac`; null before the installation has a key. */
  @Column('uuid', { nullable: true })
  key_id: string | null;

  /** HMAC-SHA256 of the columns above, hex. Prevents setting the head back to an earlier entry. */
  @Column('text', { nullable: true })
  mac: string | null;

  @Column(TIMESTAMP)
  updated_at: Date;
}
