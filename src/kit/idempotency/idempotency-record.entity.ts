import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** The first answer to an Idempotency-Key, for repeats. */
@Entity('idempotency_records')
@Index('idempotency_records_created_at', ['created_at'])
export class IdempotencyRecord {
  /** SHA-256 of credential, method, path and key, hex. */
  @PrimaryColumn('text')
  id: string;

  /** SHA-256 of the body as canonical JSON, hex. */
  @Column('text')
  body_digest: string;

  /** Encrypted JSON, because it can contain a new API key. */
  @Column('bytea')
  answer: Buffer;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
