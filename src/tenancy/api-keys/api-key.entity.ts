import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { Agent } from '../agents/agent.entity.js';
import { Identified, TIMESTAMP } from '../../core/database/base.entity.js';
import { Org } from '../orgs/org.entity.js';
import { Partner } from '../partners/partner.entity.js';
import { Service } from '../services/service.entity.js';
import { isInYearsSql } from '../../core/validation/instant.js';
import { About, Field } from '../../core/wire/field.js';
import { INTEGER, mapOf, oneOf, TEXT } from '../../core/wire/schema.js';

export const KEY_KINDS = ['bearer', 'key_secret'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];
/** All but `standard` are typed keys, which only post events of their type (S4). */
export const KEY_TYPES = ['standard', 'client', 'openconnect', 'queue_adapter', 'telephony'] as const;
export type KeyType = (typeof KEY_TYPES)[number];
export const KEY_ACCESSES = ['full', 'scoped'] as const;
export type KeyAccess = (typeof KEY_ACCESSES)[number];
/** Of the credential: a signed token (S1), or random characters. */
export const KEY_FORMATS = ['opaque', 'jwt'] as const;
export type KeyFormat = (typeof KEY_FORMATS)[number];
/** Who or what suspended a key: a person, a policy on idle keys, or a report that the key was found in public. */
export const SUSPENSION_REASONS = ['requested', 'idle', 'exposed'] as const;
export type SuspensionReason = (typeof SUSPENSION_REASONS)[number];
export const CREATOR_TYPES = ['user', 'partner', 'operator'] as const;

/** A key of an org, a partner, a service or the operator. Its `KeyCredential`s authenticate as it. */
@Entity('api_keys')
@Index('api_keys_org', ['org_id', 'id'])
@Index('api_keys_partner', ['partner_id', 'id'])
@Index('api_keys_agent', ['org_id', 'agent_id'], { where: 'agent_id IS NOT NULL' })
@Index('api_keys_allowed_origins', ['allowed_origins'], {
  type: 'gin',
  where: "allowed_origins <> '{}' AND revoked_at IS NULL",
})
@ForeignKey(() => Agent, ['org_id', 'agent_id'], ['org_id', 'id'], { name: 'api_keys_agent_fk' })
@Index('api_keys_service', ['service_id', 'id'], { where: 'service_id IS NOT NULL' })
@Index('api_keys_scopes', ['scopes'], { type: 'gin', where: 'scopes IS NOT NULL AND revoked_at IS NULL' })
@Index('api_keys_tags', ['tags'], { type: 'gin', where: "tags <> '{}'" })
@Index('api_keys_metadata', ['metadata'], { type: 'gin', where: "metadata <> '{}'" })
@Index('api_keys_named', ['org_id', 'external_id'], { where: 'external_id IS NOT NULL' })
@Index('api_keys_external_id', ['org_id', 'external_id'], { unique: true, where: 'revoked_at IS NULL' })
@Check('api_keys_one_owner', 'num_nonnulls(org_id, partner_id, service_id) + is_operator::integer = 1')
@Check('api_keys_bound', "kind <> 'key_secret' OR agent_id IS NOT NULL OR revoked_at IS NOT NULL")
@Check('api_keys_suspension', '(suspended_at IS NULL) = (suspension_reason IS NULL)')
@Check('api_keys_years', isInYearsSql('expires_at'))
export class ApiKey extends Identified {
  @Column('uuid', { nullable: true })
  @ForeignKey(() => Org, { name: 'api_keys_org_fk' })
  org_id: string | null;

  @Column('uuid', { nullable: true })
  @ForeignKey(() => Partner, { name: 'api_keys_partner_fk' })
  partner_id: string | null;

  /** The service whose doors it opens. */
  @Column('uuid', { nullable: true })
  @ForeignKey(() => Service, { name: 'api_keys_service_fk', onDelete: 'CASCADE' })
  service_id: string | null;

  @Column('boolean', { default: false })
  is_operator: boolean;

  @Column('text')
  @Field(oneOf(KEY_KINDS))
  kind: KeyKind;

  @Column('text', { default: 'standard' })
  @Field(oneOf(KEY_TYPES))
  type: KeyType;

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  description: string | null;

  /** Null is full access, which keys from before scopes keep (S0). */
  @Column('text', { array: true, nullable: true })
  scopes: string[] | null;

  /** With full access: the number of the newest service that it covers. A trigger sets it. */
  @Field(INTEGER)
  @Column({ type: 'bigint', default: 0, insert: false, update: false })
  covers_services: string;

  /** The agent of a key with a secret (S3); null after the agent's deletion, which revoked the key. */
  @Column('uuid', { nullable: true })
  agent_id: string | null;

  @Column('text', { array: true, default: () => "'{}'" })
  allowed_ips: string[];

  @Column('text', { array: true, default: () => "'{}'" })
  allowed_origins: string[];

  /** Null: the default of its audience. */
  @Column('integer', { nullable: true })
  rate_per_minute: number | null;

  @Column('integer', { nullable: true })
  rate_per_hour: number | null;

  @About("The manager's own facts about the key.")
  @Column('jsonb', { default: {} })
  @Field(mapOf(TEXT))
  metadata: Record<string, string>;

  @About("The manager's own words for the key, in alphabetical order.")
  @Column('text', { array: true, default: () => "'{}'" })
  tags: string[];

  @About("The manager's own id of this key.")
  @Column('text', { nullable: true })
  external_id: string | null;

  @Column('text', { default: 'opaque' })
  @Field(oneOf(KEY_FORMATS))
  format: KeyFormat;

  /** Rises with each change of the row. A trigger counts it. */
  @Column({ type: 'integer', default: 1, insert: false, update: false })
  revision: number;

  /** For lists, such as `ocx_live_…x7Qa`. */
  @Column('text')
  masked_key: string;

  /** The public half of a key with a secret. */
  @Column('text', { nullable: true })
  public_key: string | null;

  @Column('text')
  created_by_type: (typeof CREATOR_TYPES)[number];

  @Column('uuid', { nullable: true })
  created_by_id: string | null;

  @Column('text')
  created_by_name: string;

  @Column({ ...TIMESTAMP, nullable: true })
  acknowledged_at: Date | null;

  @Column({ ...TIMESTAMP, nullable: true })
  expires_at: Date | null;

  /** Refused until it is resumed. A revocation leaves it as it is. */
  @Column({ ...TIMESTAMP, nullable: true })
  suspended_at: Date | null;

  @Column('text', { nullable: true })
  suspension_reason: SuspensionReason | null;

  /** When the last suspension ended. A trigger sets it. */
  @Column({ ...TIMESTAMP, nullable: true, insert: false, update: false })
  resumed_at: Date | null;

  @Column({ ...TIMESTAMP, nullable: true })
  revoked_at: Date | null;
}
