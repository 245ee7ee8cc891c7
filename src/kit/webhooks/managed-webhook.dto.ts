import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsInt, Max, Min } from 'class-validator';
import { ArrayUnique } from '../../core/validation/array-unique.js';
import { Clearable, IsInstant, Optional, Text } from '../../core/validation/decorators.js';
import { About, Field, partOf } from '../../core/wire/field.js';
import { ANY_OBJECT, INSTANT, INTEGER, listOf, nullable, oneOf, TEXT, UUID } from '../../core/wire/schema.js';
import { EVENT_TYPES, SUBSCRIPTIONS } from './subscriptions.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { IsEndpointUrl, SIGNATURES, type SignatureKind, WebhookEndpoint } from './webhook-endpoint.entity.js';

const GRACE_SECONDS = 86_400;
const GRACE_SECONDS_MAX = 7 * 86_400;

function AreSubscriptions(): PropertyDecorator {
  const rules = [
    IsIn(SUBSCRIPTIONS, { each: true }),
    ArrayUnique(),
    ArrayMaxSize(SUBSCRIPTIONS.length),
    ArrayMinSize(1),
    IsArray(),
  ];
  return (target, name) => {
    for (const rule of rules) rule(target, name);
  };
}

const EVENTS = 'Events, whole kinds of them such as `api_key.*`, or `*`.';

export class CreateManagedWebhookDto {
  @IsEndpointUrl()
  @Text(1, 2_048)
  url: string;

  @About(EVENTS)
  @AreSubscriptions()
  events: string[];

  @Clearable(Text(0, 500))
  description?: string | null;

  @Optional()
  @IsBoolean()
  is_enabled?: boolean;

  @About('`hmac`: one secret that both sides know. `ed25519`: receivers verify with `public_key`. It cannot change.')
  @Optional()
  @IsIn(SIGNATURES)
  signature?: SignatureKind;
}

export class UpdateManagedWebhookDto {
  @Optional()
  @IsEndpointUrl()
  @Text(1, 2_048)
  url?: string;

  @About(EVENTS)
  @Optional()
  @AreSubscriptions()
  events?: string[];

  @Clearable(Text(0, 500))
  description?: string | null;

  @Optional()
  @IsBoolean()
  is_enabled?: boolean;
}

export class RotateWebhookSecretDto {
  @About('How long the old secret signs too. 0: it ends at once.')
  @Optional()
  @Max(GRACE_SECONDS_MAX)
  @Min(0)
  @IsInt()
  grace_seconds: number = GRACE_SECONDS;
}

export class SendFailedDeliveriesDto {
  @About('Deliveries that were made at this time or later.')
  @IsInstant()
  since: string;
}

/** A webhook endpoint, for its managers. */
export class ManagedWebhook extends partOf(
  WebhookEndpoint,
  'id',
  'url',
  'description',
  'is_enabled',
  'created_at',
  'updated_at',
) {
  @About(EVENTS)
  @Field(listOf(oneOf(SUBSCRIPTIONS)))
  events: string[];

  @Field(oneOf(SIGNATURES))
  signature: SignatureKind;

  @About('Verifies the signatures, with Ed25519: `whpk_` and 32 bytes in base64. Null with HMAC.')
  @Field(nullable(TEXT))
  public_key: string | null;

  @About(
    '`gone`: it answered 410. `failing`: it accepted nothing for three days. Null: it is enabled, or a person disabled it.',
  )
  @Field(nullable(oneOf(['gone', 'failing'])))
  disabled_reason: string | null;

  @About('Until then, the secret before the current one signs too.')
  @Field(nullable(INSTANT))
  previous_secret_expires_at: string | null;
}

/** A webhook endpoint with a new secret, which is shown once. */
export class NewManagedWebhook extends ManagedWebhook {
  @About('Verifies the signatures, with HMAC: `whsec_` and base64. Null with Ed25519.')
  @Field(nullable(TEXT))
  signing_secret: string | null;
}

export class WebhookAttempt {
  @Field(INSTANT)
  at: string;

  @Field(INTEGER)
  duration_ms: number;

  @About('Null if there was no answer.')
  @Field(nullable(INTEGER))
  response_status: number | null;

  @Field(nullable(TEXT))
  error: string | null;
}

/** A delivery with its attempts. */
export class ManagedWebhookDelivery extends partOf(
  WebhookDelivery,
  'id',
  'status',
  'attempts',
  'response_status',
  'error',
  'ended_at',
  'created_at',
  'updated_at',
) {
  @Field(oneOf(EVENT_TYPES))
  type: string;

  @About('The org of the event; null for an event of the installation.')
  @Field(nullable(UUID))
  org_id: string | null;

  @About('Null once it has ended.')
  @Field(nullable(INSTANT))
  next_attempt_at: string | null;

  @About('The newest 50, oldest first.')
  @Field(listOf(WebhookAttempt))
  attempt_log: WebhookAttempt[];

  @About(
    'The body without `type` and `timestamp`, as of the change. Null for events whose data is read when they are sent.',
  )
  @Field(nullable(ANY_OBJECT))
  payload: object | null;
}

export class ReplayedDeliveries {
  @About('At most 10,000 at once: repeat the call until it is less.')
  @Field(INTEGER)
  replayed: number;
}

export class WebhookEventType {
  @Field(oneOf(EVENT_TYPES))
  type: string;

  @Field(TEXT)
  description: string;
}

export class WebhookEventTypes {
  @Field(listOf(WebhookEventType))
  items: readonly WebhookEventType[];
}
