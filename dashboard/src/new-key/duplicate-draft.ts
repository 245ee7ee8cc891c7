import type { ApiKey, ScopeCatalogue } from '../api/wire';
import { draftOf, EMPTY_DRAFT, type KeyDraft } from '../key-form/key-draft';
import { scopesOf } from '../key-form/scope-groups';

const NAME_CHARACTERS_MAX = 100;
const SUFFIX = ' copy';

/** A draft with the settings of a key. Scopes that no new key can have are left out, and so is an expiry in the past. */
export function duplicateDraft(key: ApiKey, { items }: Pick<ScopeCatalogue, 'items'>, now = Date.now()): KeyDraft {
  const draft = draftOf(key);
  const offered = new Set(items.flatMap(scopesOf));
  const isOver = key.expires_at !== null && Date.parse(key.expires_at) <= now;
  return {
    ...draft,
    name: key.name.slice(0, NAME_CHARACTERS_MAX - SUFFIX.length) + SUFFIX,
    scopes: draft.scopes.filter((scope) => offered.has(scope)),
    agent_scopes: draft.agent_scopes.filter((scope) => offered.has(scope)),
    ...(isOver && { expiry: EMPTY_DRAFT.expiry, expiry_date: '' }),
  };
}
