import type { MintedKey } from '../../tenancy/api-keys/api-keys.service.js';
import { Optional } from '../../core/validation/decorators.js';
import { About, Field } from '../../core/wire/field.js';
import { TEXT, UUID } from '../../core/wire/schema.js';

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
