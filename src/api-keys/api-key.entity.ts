import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { Identified, TIMESTAMP } from '../database/base.entity.js';
import { Org } from '../orgs/org.entity.js';
import { Partner } from '../partners/partner.entity.js';
import { Field } from '../wire/field.js';
import { oneOf } from '../wire/schema.js';

export const KEY_KINDS = ['bearer', 'key_secret'] as const;
export const KEY_TYPES = ['standard', 'client', 'openconnect', 'queue_adapter', 'telephony'] as const;
export const CREATOR_TYPES = ['user', 'partner', 'operator'] as const;

/** A key as people manage it. What authenticates as it are its `KeyCredential`s; it belongs to an org or a partner. */
@Entity('api_keys')
@Index('api_keys_org', ['org_id', 'id'])
@Index('api_keys_partner', ['partner_id', 'id'])
@Check('api_keys_one_owner', 'num_nonnulls(org_id, partner_id) = 1')
export class ApiKey extends Identified {
  @Column('uuid', { nullable: true })
  @ForeignKey(() => Org, { name: 'api_keys_org_fk' })
  org_id: string | null;

  @Column('uuid', { nullable: true })
  @ForeignKey(() => Partner, { name: 'api_keys_partner_fk' })
  partner_id: string | null;

  @Column('text')
  @Field(oneOf(KEY_KINDS))
  kind: (typeof KEY_KINDS)[number];

  @Column('text', { default: 'standard' })
  @Field(oneOf(KEY_TYPES))
  type: (typeof KEY_TYPES)[number];

  @Column('text')
  name: string;

  @Column('text', { nullable: true })
  description: string | null;

  /** Null is full access, so that keys older than scopes stay what they were [seed 000]. */
  @Column('text', { array: true, nullable: true })
  scopes: string[] | null;

  /** The one agent that a key + secret acts on [seed 003]. */
  @Column('uuid', { nullable: true })
  agent_id: string | null;

  @Column('text', { array: true, default: () => "'{}'" })
  allowed_ips: string[];

  @Column('text', { array: true, default: () => "'{}'" })
  allowed_origins: string[];

  /** Null: the configured default of its audience. */
  @Column('integer', { nullable: true })
  rate_per_minute: number | null;

  @Column('integer', { nullable: true })
  rate_per_hour: number | null;

  /** What lists show of it, such as `ocx_live_…x7Qa`. */
  @Column('text')
  masked_key: string;

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

  @Column({ ...TIMESTAMP, nullable: true })
  revoked_at: Date | null;
}
