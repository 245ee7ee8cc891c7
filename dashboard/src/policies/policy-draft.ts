import type { KeyPolicySettings } from '../api/wire';
import { dayOf, startOfDay } from '../text/dates';

/** The values of the form, by their names in the API. Empty values are empty strings or lists. */
export interface PolicyDraft {
  max_lifetime_days: number | '';
  default_lifetime_days: number | '';
  expiry_required: boolean;
  full_access_forbidden: boolean;
  ip_list_required: boolean;
  scope_ceiling: string[];
  max_active_keys: number | '';
  suspend_idle_after_days: number | '';
  /** A day (`YYYY-MM-DD`), or empty. */
  enforce_from: string;
}

export function policyDraftOf(own: KeyPolicySettings): PolicyDraft {
  return {
    max_lifetime_days: own.max_lifetime_days ?? '',
    default_lifetime_days: own.default_lifetime_days ?? '',
    expiry_required: own.expiry_required,
    full_access_forbidden: own.full_access_forbidden,
    ip_list_required: own.ip_list_required,
    scope_ceiling: [...(own.scope_ceiling ?? [])],
    max_active_keys: own.max_active_keys ?? '',
    suspend_idle_after_days: own.suspend_idle_after_days ?? '',
    enforce_from: own.enforce_from === null ? '' : dayOf(new Date(own.enforce_from)),
  };
}

/** The whole policy, as the server takes it. A day that was not changed keeps its instant. */
export function policyOf(draft: PolicyDraft, before: KeyPolicySettings): KeyPolicySettings {
  const days = (value: number | '') => (value === '' ? null : value);
  return {
    ...draft,
    max_lifetime_days: days(draft.max_lifetime_days),
    default_lifetime_days: days(draft.default_lifetime_days),
    max_active_keys: days(draft.max_active_keys),
    suspend_idle_after_days: days(draft.suspend_idle_after_days),
    scope_ceiling: draft.scope_ceiling.length > 0 ? draft.scope_ceiling : null,
    enforce_from: enforcedFrom(draft, before),
  };
}

function enforcedFrom({ enforce_from }: PolicyDraft, before: KeyPolicySettings): string | null {
  if (enforce_from === '') return null;
  if (enforce_from === policyDraftOf(before).enforce_from) return before.enforce_from;
  return startOfDay(enforce_from).toISOString();
}

/** Problems by field. The server validates again. */
export function validatePolicy(draft: PolicyDraft): Partial<Record<keyof PolicyDraft, string>> {
  const { max_lifetime_days: longest, default_lifetime_days: usual } = draft;
  if (longest === '' || usual === '' || usual <= longest) return {};
  return { default_lifetime_days: 'Choose at most the longest lifetime.' };
}
