import type { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';
import { keyStateOf } from '../../tenancy/api-keys/key-rows.js';
import type { Answer } from './command.js';
import { table } from './text.js';

/** Lists keys without their credentials. */
export function answerWithKeys(keys: readonly ApiKey[]): Answer {
  const items = keys.map(view);
  const rows = items.map((key) => [key.api_key_id, key.state, key.masked_key, key.name]);
  return { json: { items }, text: table(['ID', 'STATE', 'KEY', 'NAME'], rows, 'There are no keys.') };
}

function view(key: ApiKey) {
  const { id, name, masked_key, created_at, expires_at, suspended_at, revoked_at } = key;
  const { metadata, tags, external_id } = key;
  return {
    ...{ api_key_id: id, name, masked_key, state: keyStateOf(key), created_at, expires_at, suspended_at, revoked_at },
    ...{ metadata, tags, external_id },
  };
}
