import { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';
import type { MintedKey } from '../../tenancy/api-keys/api-keys.service.js';
import { Optional } from '../../core/validation/decorators.js';
import { About, Field, partOf } from '../../core/wire/field.js';
import { INSTANT, listOf, nullable, TEXT, UUID } from '../../core/wire/schema.js';

/** A new key, in the only response that shows it [S1]. */
export class CreatedKey {
  @Field(UUID)
  api_key_id: string;

  @About('The whole token, shown this once, or the public half of a key with a secret.')
  @Field(TEXT)
  api_key: string;

  @About('Only of a key with a secret, shown this once.')
  @Optional()
  @Field(TEXT)
  api_secret?: string;
}

export function createdKey({ key, token, secret }: MintedKey): CreatedKey {
  return { api_key_id: key.id, api_key: token, ...(secret !== undefined && { api_secret: secret }) };
}

const LISTED = ['name', 'masked_key', 'created_at', 'expires_at', 'revoked_at'] as const;
const LABELS = ['metadata', 'tags', 'external_id'] as const;

/** A key in lists, masked. */
export class ListedKey extends partOf(ApiKey, ...LISTED, ...LABELS) {
  @Field(UUID)
  api_key_id: string;

  @Field(nullable(INSTANT))
  last_used_at: Date | null;
}

export class ListedKeys {
  @Field(listOf(ListedKey))
  data: ListedKey[];
}

export function listedKey(key: ApiKey, lastUsedAt: Date | null): ListedKey {
  const { id, name, masked_key, created_at, expires_at, revoked_at, metadata, tags, external_id } = key;
  const labels = { metadata, tags, external_id };
  return { api_key_id: id, name, masked_key, created_at, expires_at, revoked_at, last_used_at: lastUsedAt, ...labels };
}
