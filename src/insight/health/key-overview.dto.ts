import { IsIn } from 'class-validator';
import { ApiKey, KEY_ACCESSES, type KeyAccess } from '../../tenancy/api-keys/api-key.entity.js';
import { KEY_STATE_FILTERS, type KeyStateFilter } from '../../tenancy/api-keys/key-sql.js';
import { KEY_STATES, KeyCreator, type KeyState } from '../../tenancy/api-keys/key-view.dto.js';
import { Optional } from '../../core/validation/decorators.js';
import { About, Field, partOf } from '../../core/wire/field.js';
import { BOOLEAN, INSTANT, INTEGER, listOf, nullable, oneOf } from '../../core/wire/schema.js';
import { KEY_FINDINGS, type KeyFinding } from './key-findings.js';

export class KeyOverviewQuery {
  @Optional()
  @IsIn(KEY_STATE_FILTERS)
  state: KeyStateFilter = 'active';
}

const AS_STORED = ['id', 'name', 'description', 'kind', 'type', 'masked_key', 'tags', 'external_id'] as const;

/** A key in the overview. */
export class KeySummary extends partOf(ApiKey, ...AS_STORED) {
  @Field(oneOf(KEY_ACCESSES))
  access: KeyAccess;

  @About('0 with full access.')
  @Field(INTEGER)
  scopes_count: number;

  @Field(oneOf(KEY_STATES))
  state: KeyState;

  @About('Whether a member confirmed that the key is stored. The key works without it.')
  @Field(BOOLEAN)
  acknowledged: boolean;

  @Field()
  created_by: KeyCreator;

  @Field(INSTANT)
  created_at: string;

  @Field(nullable(INSTANT))
  expires_at: string | null;

  @Field(nullable(INSTANT))
  last_used_at: string | null;

  @About('Denied requests included.')
  @Field(INTEGER)
  requests_30_days: number;

  @Field(INTEGER)
  denied_30_days: number;

  @About('What the key calls for, most urgent first. Empty for keys that are not active.')
  @Field(listOf(oneOf(KEY_FINDINGS)))
  findings: KeyFinding[];
}

/** The number of keys with each finding. */
export class FindingCounts implements Record<KeyFinding, number> {
  @About('A credential of it was found in public, and still works.')
  @Field(INTEGER)
  exposed: number;

  @About('More requests of the last 7 days were denied than allowed.')
  @Field(INTEGER)
  mostly_denied: number;

  @About('It used 80 % of its hourly limit in an hour of the last 7 days, or requests were denied for a limit.')
  @Field(INTEGER)
  near_limit: number;

  @About('It was rotated, and the old credential still makes requests.')
  @Field(INTEGER)
  old_credential_in_use: number;

  @About('It expires within 14 days.')
  @Field(INTEGER)
  expiring: number;

  @About('It has scopes that it has not used for as long as uses are kept, and for at least 30 days.')
  @Field(INTEGER)
  wider_than_used: number;

  @Field(INTEGER)
  full_access: number;

  @About('It has made no requests yet.')
  @Field(INTEGER)
  never_used: number;

  @About('Its last request is 90 days old or older. Such a key also has `idle_30`.')
  @Field(INTEGER)
  idle_90: number;

  @About('Its last request is 30 days old or older.')
  @Field(INTEGER)
  idle_30: number;

  @About('It has no expiry date.')
  @Field(INTEGER)
  never_expires: number;
}

export class KeyTotals {
  @Field(INTEGER)
  keys: number;

  @Field(INTEGER)
  requests_30_days: number;

  @Field(INTEGER)
  denied_30_days: number;
}

export class KeyOverview {
  @About('Newest first.')
  @Field(listOf(KeySummary))
  items: KeySummary[];

  @Field()
  counts: FindingCounts;

  @Field()
  totals: KeyTotals;

  @About('False: the org has more than 10,000 such keys, and the oldest are left out.')
  @Field(BOOLEAN)
  is_complete: boolean;
}
