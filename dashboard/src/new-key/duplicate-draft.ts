import type { ApiKey, ScopeCatalogue } from '../api/wire';
import { draftOf, EMPTY_DRAFT, type KeyDraft } from '../key-form/key-draft';
import { scopesOf } from '../key-form/scope-groups';

const NAME_CHARACTERS_MAX = 100;
const SUFFIX = ' copy';

/**
 * A limit that the key has of its own. The default is left out, so that the duplicate follows it, also if it is above
 * what a key may be given.
 */
function ownRate(rate: number | '', usual: number, max: number): number | '' {
  return rate === usual || Number(rate) > max ? '' : rate;
}

/** A draft with the settings of a key. Scopes that no new key can have are left out, and so is an expiry in the past. */
export function duplicateDraft(key: ApiKey, { items }: Pick<ScopeCatalogue, 'items'>, now = Date.now()): KeyDraft {
  const draft = draftOf(key);
  const offered = new Set(items.flatMap(scopesOf));
  const isPair = key.kind === 'key_secret';
  const isOver = key.expires_at !== null && Date.parse(key.expires_at) <= now;
  return {
    ...draft,
    // No two keys have the same one.
    external_id: '',
    name: key.name.slice(0, NAME_CHARACTERS_MAX - SUFFIX.length) + SUFFIX,
    scopes: draft.scopes.filter((scope) => offered.has(scope)),
    agent_scopes: draft.agent_scopes.filter((scope) => offered.has(scope)),
    per_minute: ownRate(draft.per_minute, isPair ? 60 : 1_000, 1_000),
    per_hour: ownRate(draft.per_hour, isPair ? 1_000 : 10_000, 10_000),
    ...(isOver && { expiry: EMPTY_DRAFT.expiry, expiry_date: '' }),
  };
}
