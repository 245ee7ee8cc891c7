import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../core/database/base.entity.js';

/** The last authenticated request of a credential. */
@Entity('credential_uses')
@Index('credential_uses_key', ['key_id'])
@Index('credential_uses_at', ['at'])
export class CredentialUse {
  @PrimaryColumn('uuid')
  credential_id: string;

  @Column('uuid')
  key_id: string;

  @Column(TIMESTAMP)
  at: Date;

  @Column('inet', { nullable: true })
  client_address: string | null;

  /** ISO 3166-1 alpha-2. */
  @Column('character', { length: 2, nullable: true })
  country: string | null;

  /** Cut, and without anything that looks like a credential. */
  @Column('text', { nullable: true })
  user_agent: string | null;

  /** The template, such as `/contacts/{id}`. */
  @Column('text', { nullable: true })
  route: string | null;

  /** The slug of the operator's service that was called; null: this server. */
  @Column('text', { nullable: true })
  service: string | null;
}
