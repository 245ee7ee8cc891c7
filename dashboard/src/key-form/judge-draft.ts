import { endOfDay } from '../text/dates';
import { judgeAddress } from './judge-address';
import { judgeOrigin } from './judge-origin';
import { type KeyDraft, lacksScopes } from './key-draft';

/** What is wrong, by field. The server judges again; this is so that nobody has to wait for it. */
export function judgeDraft(draft: KeyDraft, now = Date.now()): Partial<Record<keyof KeyDraft, string>> {
  const problems = {
    name: draft.name.trim() === '' ? 'Give it a name that says what it is for.' : undefined,
    agent_id: draft.sort === 'key_secret' && draft.agent_id === '' ? 'Choose the agent it acts for.' : undefined,
    scopes: lacksScopes(draft) ? 'Choose at least one scope.' : undefined,
    expiry_date: judgeExpiry(draft, now),
    allowed_ips: firstProblem(draft.allowed_ips, judgeAddress),
    allowed_origins: draft.sort === 'event' ? firstProblem(draft.allowed_origins, judgeOrigin) : undefined,
  };
  return Object.fromEntries(Object.entries(problems).filter(([, problem]) => problem !== undefined));
}

function judgeExpiry({ expiry, expiry_date }: KeyDraft, now: number): string | undefined {
  if (expiry !== 'date') return undefined;
  if (expiry_date === '') return 'Choose a date.';
  return endOfDay(expiry_date).getTime() > now ? undefined : 'Choose a date that is still to come.';
}

function firstProblem(entries: readonly string[], judge: (entry: string) => string | undefined): string | undefined {
  return entries.map(judge).find((problem) => problem !== undefined);
}
