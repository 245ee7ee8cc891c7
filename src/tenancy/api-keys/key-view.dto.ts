import { LastUse } from '../../kit/usage/last-use.dto.js';
import { KeyUsageTotals } from '../../kit/usage/usage.dto.js';
import { Optional } from '../../core/validation/decorators.js';
import { About, Field, partOf } from '../../core/wire/field.js';
import { BOOLEAN, INSTANT, INTEGER, listOf, nullable, oneOf, TEXT, UUID } from '../../core/wire/schema.js';
import {
  ApiKey,
  CREATOR_TYPES,
  KEY_ACCESSES,
  type KeyAccess,
  SUSPENSION_REASONS,
  type SuspensionReason,
} from './api-key.entity.js';

export class KeyRateLimit {
  @Field(INTEGER)
  per_minute: number;

  @Field(INTEGER)
  per_hour: number;
}

const AS_STORED = [
  'id',
  'name',
  'description',
  'kind',
  'type',
  'agent_id',
  'masked_key',
  'allowed_ips',
  'allowed_origins',
  'metadata',
  'tags',
  'external_id',
] as const;
export const KEY_STATES = ['active', 'suspended', 'expired', 'revoked'] as const;
export type KeyState = (typeof KEY_STATES)[number];

/** A key without its credential. */
abstract class KeyFields extends partOf(ApiKey, ...AS_STORED) {
  @Field(oneOf(KEY_ACCESSES))
  access: KeyAccess;

  @About('Empty with full access.')
  @Field(listOf(TEXT))
  scopes: string[];

  @Field()
  rate_limit: KeyRateLimit;

  @Field(oneOf(KEY_STATES))
  state: KeyState;

  @About('Whether a member confirmed that the key is stored. The key works without it.')
  @Field(BOOLEAN)
  acknowledged: boolean;

  @Field(INSTANT)
  created_at: string;

  @Field(nullable(INSTANT))
  expires_at: string | null;

  @Field(nullable(INSTANT))
  revoked_at: string | null;

  @Field(nullable(INSTANT))
  last_used_at: string | null;
}

/** A key, for the key itself. */
export class KeyView extends KeyFields {
  @Field(UUID)
  org_id: string;

  @About('The public half; only keys with a secret have one.')
  @Optional()
  @Field(nullable(TEXT))
  api_key?: string | null;
}

export class KeyCreator {
  @Field(oneOf(CREATOR_TYPES))
  type: ApiKey['created_by_type'];

  @Field(nullable(UUID))
  id: string | null;

  @Field(TEXT)
  name: string;
}

/** A credential that a rotation replaced, and that still works. */
export class ReplacedCredential {
  @Field(UUID)
  id: string;

  @Field(INSTANT)
  rotated_at: string;

  @About('When it stops working. Null: its grace period starts at the first use of the new credential.')
  @Field(nullable(INSTANT))
  retires_at: string | null;

  @About('It is still used if this is later than the rotation; null: none is known.')
  @Field(nullable(LastUse))
  last_used: LastUse | null;
}

abstract class ManagedKeyFields extends KeyFields {
  @About('Rises with each change of the key. In quotes it is its `ETag`.')
  @Field(INTEGER)
  revision: number;

  @Field()
  created_by: KeyCreator;

  @About('Since when it is refused until it is resumed. Revoked and expired keys keep it.')
  @Field(nullable(INSTANT))
  suspended_at: string | null;

  @About('`requested` by a person, because it was `idle`, or because it was found in public (`exposed`).')
  @Field(nullable(oneOf(SUSPENSION_REASONS)))
  suspension_reason: SuspensionReason | null;

  @About('The newest credential that a rotation replaced, while it works.')
  @Field(nullable(ReplacedCredential))
  replaced_credential: ReplacedCredential | null;

  @Field()
  usage: KeyUsageTotals;
}

/** A key, for its managers. */
export class ManagedKey extends ManagedKeyFields {
  @About('The public half; only keys with a secret have one.')
  @Optional()
  @Field(nullable(TEXT))
  api_key?: string | null;
}

/** A key with its credential, which is shown once. */
export class NewManagedKey extends ManagedKeyFields {
  @About('The whole token, or the public half of a key + secret.')
  @Field(TEXT)
  api_key: string;

  @Optional()
  @Field(TEXT)
  api_secret?: string;
}
