import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** An Ed25519 key of partner and org JWTs. The newest key signs; all verify. */
@Entity('signing_keys')
export class SigningKey {
  @PrimaryColumn('text')
  kid: string;

  /** The public OKP key (RFC 8037). */
  @Column('jsonb')
  public_jwk: object;

  /** The private JWK, encrypted with AES-256-GCM and ENCRYPTION_KEY. */
  @Column('bytea', { select: false })
  private_jwk_encrypted: Buffer;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
