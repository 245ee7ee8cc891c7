import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn } from 'class-validator';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { Identified, TIMESTAMP } from '../../core/database/base.entity.js';
import { ArrayUnique } from '../../core/validation/array-unique.js';
import { check, Text } from '../../core/validation/decorators.js';
import { About, Field } from '../../core/wire/field.js';
import { listOf, oneOf, URI } from '../../core/wire/schema.js';
import { WEBHOOK_EVENT_NAMES, type WebhookEvent } from './webhook-events.js';

export const SIGNATURES = ['hmac', 'ed25519'] as const;
export type SignatureKind = (typeof SIGNATURES)[number];
export type DisabledReason = 'gone' | 'failing';

/** A URL of the own system of an org, a partner or the operator that is called at events. */
@Entity('webhook_endpoints')
@Index('webhook_endpoints_owner', ['owner_id', 'id'])
@Index('webhook_endpoints_org', ['org_id', 'id'])
export class WebhookEndpoint extends Identified {
  /** Null for endpoints of partners and of the installation. */
  @Column('uuid', { nullable: true, select: false })
  @ForeignKey('orgs', { name: 'webhook_endpoints_org_fk' })
  org_id: string | null;

  /** See `ownerIdOf`. */
  @Column('uuid', { select: false })
  owner_id: string;

  @About('https, and on the public internet.')
  @Column('text')
  @IsEndpointUrl()
  @Text(1, 2_048)
  url: string;

  /** Those that keys see are events of resources. Other endpoints also have patterns, such as `api_key.*`. */
  @Column('text', { array: true })
  @IsIn(WEBHOOK_EVENT_NAMES, { each: true })
  @ArrayUnique()
  @ArrayMaxSize(WEBHOOK_EVENT_NAMES.length)
  @ArrayMinSize(1)
  @IsArray()
  @Field(listOf(oneOf(WEBHOOK_EVENT_NAMES)))
  events: WebhookEvent[];

  @Column('text', { nullable: true })
  @Text(0, 500)
  description: string | null;

  @About('False: nothing is sent. An answer of 410 sets it, and deliveries that failed for three days.')
  @Column('boolean', { default: true })
  @IsBoolean()
  is_enabled: boolean;

  @Column('text', { nullable: true, select: false })
  disabled_reason: DisabledReason | null;

  @Column('text', { default: 'hmac', select: false })
  signature: SignatureKind;

  /** Encrypted. Of HMAC, only the response that creates it shows it; a private key is never shown. */
  @Column('bytea', { select: false })
  secret: Buffer;

  /** The public half of `secret`, for Ed25519. */
  @Column('text', { nullable: true, select: false })
  public_key: string | null;

  /** Encrypted. It signs too, until it expires. */
  @Column('bytea', { nullable: true, select: false })
  previous_secret: Buffer | null;

  @Column({ ...TIMESTAMP, nullable: true, select: false })
  previous_secret_expires_at: Date | null;
}

export function IsEndpointUrl(): PropertyDecorator {
  const isEndpoint = (value: unknown) => {
    const url = typeof value === 'string' ? URL.parse(value) : null;
    return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash;
  };
  return check('endpointUrl', isEndpoint, 'must be an https URL without credentials', { schema: URI });
}
