import { Field, partOf } from '../../core/wire/field.js';
import { INSTANT, listOf, nullable, UUID } from '../../core/wire/schema.js';
import { ApiKey } from './api-key.entity.js';

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
