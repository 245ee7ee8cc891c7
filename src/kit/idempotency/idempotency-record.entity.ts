import { Column, CreateDateColumn, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** The first answer to one Idempotency-Key, for whoever asks again. */
@Entity('idempotency_records')
@Index('idempotency_records_created_at', ['created_at'])
export class IdempotencyRecord {
  /** SHA-256 of credential, method, path and key, hex. */
  @PrimaryColumn('text')
  id: string;

  /** SHA-256 of the body as canonical JSON, hex. */
  @Column('text')
  body_digest: string;

  /** JSON, sealed: it can hold a new key. */
  @Column('bytea')
  answer: Buffer;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
