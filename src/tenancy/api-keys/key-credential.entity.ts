import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';
import { isInYearsSql } from '../../core/validation/instant.js';
import { ApiKey } from './api-key.entity.js';

/** A credential of a key, as digests. After a rotation a key has two for the grace period. */
@Entity('key_credentials')
@Index('key_credentials_key', ['key_id'])
@Index('key_credentials_retiring', ['retires_at'], { where: 'ended_at IS NULL AND retires_at IS NOT NULL' })
@Index('key_credentials_digest', ['digest'], { unique: true })
@Check('key_credentials_years', isInYearsSql('retires_at'))
export class KeyCredential {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid')
  @ForeignKey(() => ApiKey, { name: 'key_credentials_key_fk', onDelete: 'CASCADE' })
  key_id: string;

  /** SHA-256 of the whole token, or of the public half of a key with a secret; 64 hex characters. */
  @Column('text')
  digest: string;

  /** argon2id of the secret half; null for credentials without one. */
  @Column('text', { nullable: true })
  secret_hash: string | null;

  /** When a newer credential replaced it. */
  @Column({ ...TIMESTAMP, nullable: true })
  rotated_at: Date | null;

  /** When a rotated-out credential stops working; null: the first use of its replacement sets it. */
  @Column({ ...TIMESTAMP, nullable: true })
  retires_at: Date | null;

  /** Set for a credential that ended, whatever the clock says now. */
  @Column({ ...TIMESTAMP, nullable: true })
  ended_at: Date | null;

  /** Set if its first use starts the grace period of the credentials that it replaced: the length of the period. */
  @Column('integer', { nullable: true })
  overlap_seconds: number | null;

  /** With `overlap_seconds`: its first authentication. */
  @Column({ ...TIMESTAMP, nullable: true })
  first_used_at: Date | null;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
