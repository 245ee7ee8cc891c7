import type { KeyDraft } from '../key-form/key-draft';
import type { KeyPageSearch } from './key-page-search';

/** The draft with the changes of the URL; undefined if it names none that the draft doesn't have already. */
export function prefilledDraft(
  draft: KeyDraft,
  { grant, allow, scopes }: Pick<KeyPageSearch, 'grant' | 'allow' | 'scopes'>,
): KeyDraft | undefined {
  const field = draft.kind === 'key_secret' ? 'agent_scopes' : 'scopes';
  const wanted = scopes?.split(',') ?? draft[field];
  const granted = grant === undefined || wanted.includes(grant) ? wanted : [...wanted, grant];
  const addresses = draft.allowed_ips;
  const prefilled: KeyDraft = {
    ...draft,
    ...(granted !== draft[field] && { access: 'scoped', [field]: granted }),
    ...(allow !== undefined && !addresses.includes(allow) && { allowed_ips: [...addresses, allow] }),
  };
  return JSON.stringify(prefilled) === JSON.stringify(draft) ? undefined : prefilled;
}
