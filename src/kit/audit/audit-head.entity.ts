import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** The newest link of a chain. Its row lock serializes appends. */
@Entity('audit_heads')
@Index('audit_heads_changed_by', ['changed_by'], { where: 'changed_by IS NOT NULL' })
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

  /** The id of the transaction that appended last, which a trigger sets. Null before migration 0112. */
  @Column('bigint', { nullable: true, select: false })
  changed_by?: string | null;
}
