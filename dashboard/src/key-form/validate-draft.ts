import { endOfDay } from '../text/dates';
import { validatePairs, validateTags } from './label-rules';
import { validateAddress } from './validate-address';
import { validateOrigin } from './validate-origin';
import { type KeyDraft, lacksScopes } from './key-draft';

/** Problems by field. The server validates again; this check gives feedback without a request. */
export function validateDraft(draft: KeyDraft, now = Date.now()): Partial<Record<keyof KeyDraft, string>> {
  const problems = {
    name: draft.name.trim() === '' ? 'Enter a name.' : undefined,
    agent_id: draft.kind === 'key_secret' && draft.agent_id === '' ? 'Choose an agent.' : undefined,
    scopes: lacksScopes(draft) ? 'Choose at least one scope.' : undefined,
    expiry_date: validateExpiry(draft, now),
    tags: validateTags(draft.tags),
    metadata: validatePairs(draft.metadata),
    allowed_ips: firstProblem(draft.allowed_ips, validateAddress),
    allowed_origins: draft.kind === 'event' ? firstProblem(draft.allowed_origins, validateOrigin) : undefined,
  };
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== undefined));
}

function validateExpiry({ expiry, expiry_date }: KeyDraft, now: number): string | undefined {
  if (expiry !== 'date') return undefined;
  if (expiry_date === '') return 'Choose a date.';
  return endOfDay(expiry_date).getTime() > now ? undefined : 'Choose a future date.';
}

function firstProblem(entries: readonly string[], validate: (entry: string) => string | undefined): string | undefined {
  return entries.map(validate).find((problem) => problem !== undefined);
}
