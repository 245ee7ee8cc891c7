import { Field, partOf } from '../wire/field.js';
import { BOOLEAN, INSTANT, INTEGER, listOf, nullable, oneOf, TEXT } from '../wire/schema.js';
import { ApiKey } from './api-key.entity.js';

export class KeyRateLimit {
  @Field(INTEGER)
  per_minute: number;

  @Field(INTEGER)
  per_hour: number;
}

const AS_STORED = [
  'id',
  'org_id',
  'name',
  'description',
  'kind',
  'type',
  'agent_id',
  'masked_key',
  'allowed_ips',
  'allowed_origins',
  'created_at',
  'expires_at',
  'revoked_at',
] as const;

/** A key as it is shown to itself and to its managers, never the key. */
export class KeyView extends partOf(ApiKey, ...AS_STORED) {
  @Field(oneOf(['full', 'scoped']))
  access: 'full' | 'scoped';

  /** Empty: full access. */
  @Field(listOf(TEXT))
  scopes: string[];

  @Field(BOOLEAN)
  acknowledged: boolean;

  @Field()
  rate_limit: KeyRateLimit;

  @Field(oneOf(['active', 'revoked', 'expired']))
  state: 'active' | 'revoked' | 'expired';

  @Field(nullable(INSTANT))
  last_used_at: Date | null;
}
