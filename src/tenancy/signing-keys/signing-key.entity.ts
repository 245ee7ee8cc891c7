import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** An Ed25519 key that signs partner and org JWTs. The newest signs; all verify. */
@Entity('signing_keys')
export class SigningKey {
  @PrimaryColumn('text')
  kid: string;

  /** RFC 8037 OKP key, public part only. */
  @Column('jsonb')
  public_jwk: object;

  /** The private JWK, AES-256-GCM under ENCRYPTION_KEY. */
  @Column('bytea', { select: false })
  private_jwk_encrypted: Buffer;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
