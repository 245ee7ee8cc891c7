import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn } from 'class-validator';
import { Column, Entity, ForeignKey } from 'typeorm';
import { OrgRow } from '../../core/database/base.entity.js';
import { ArrayUnique } from '../../core/validation/array-unique.js';
import { check, Text } from '../../core/validation/decorators.js';
import { About, Field } from '../../core/wire/field.js';
import { listOf, oneOf, URI } from '../../core/wire/schema.js';
import { WEBHOOK_EVENT_NAMES, type WebhookEvent } from './webhook-events.js';

/** A URL of the org's own system that is called at events. */
@Entity('webhook_endpoints')
export class WebhookEndpoint extends OrgRow {
  @ForeignKey('orgs', { name: 'webhook_endpoints_org_fk' })
  override org_id: string;

  @About('https, and on the public internet.')
  @Column('text')
  @IsEndpointUrl()
  @Text(1, 2_048)
  url: string;

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

  @About('False: nothing is sent. An answer of 410 sets it.')
  @Column('boolean', { default: true })
  @IsBoolean()
  is_enabled: boolean;

  /** Encrypted. Only the response to its creation shows it. */
  @Column('bytea', { select: false })
  secret: Buffer;
}

function IsEndpointUrl(): PropertyDecorator {
  const isEndpoint = (value: unknown) => {
    const url = typeof value === 'string' ? URL.parse(value) : null;
    return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash;
  };
  return check('endpointUrl', isEndpoint, 'must be an https URL without credentials', { schema: URI });
}
