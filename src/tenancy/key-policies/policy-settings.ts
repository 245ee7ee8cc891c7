import type { SetKeyPolicyDto } from './key-policy.dto.js';
import type { PolicySettings } from './key-policies.service.js';

/** What a request sets. */
export function settingsOf(dto: SetKeyPolicyDto): PolicySettings {
  return {
    max_lifetime_days: dto.max_lifetime_days ?? null,
    default_lifetime_days: dto.default_lifetime_days ?? null,
    expiry_required: dto.expiry_required ?? false,
    full_access_forbidden: dto.full_access_forbidden ?? false,
    ip_list_required: dto.ip_list_required ?? false,
    scope_ceiling: dto.scope_ceiling ?? null,
    max_active_keys: dto.max_active_keys ?? null,
    suspend_idle_after_days: dto.suspend_idle_after_days ?? null,
    enforce_from: dto.enforce_from == null ? null : new Date(dto.enforce_from),
  };
}
