import type { ApiKey } from './wire';

/** The findings about a key, most urgent first. */
export const FINDINGS = [
  'mostly_denied',
  'near_limit',
  'old_credential_in_use',
  'expiring',
  'wider_than_used',
  'full_access',
  'never_used',
  'idle_90',
  'idle_30',
  'never_expires',
] as const;
export type Finding = (typeof FINDINGS)[number];

/** A key as the list needs it. */
export interface KeySummary extends Pick<
  ApiKey,
  | 'id'
  | 'name'
  | 'description'
  | 'masked_key'
  | 'kind'
  | 'type'
  | 'access'
  | 'state'
  | 'acknowledged'
  | 'created_at'
  | 'created_by'
  | 'expires_at'
  | 'last_used_at'
> {
  readonly scopes_count: number;
  readonly requests_30_days: number;
  readonly denied_30_days: number;
  readonly findings: readonly Finding[];
}

export interface KeysOverview {
  readonly items: readonly KeySummary[];
  readonly is_complete: boolean;
}

export interface DeniedBy {
  readonly reason: string;
  readonly requests: number;
}

export interface LimitWindow {
  readonly name: string;
  readonly limit: number;
  readonly remaining: number;
  /** The largest share of the limit used in an hour of the last 7 days, from 0 to 1. */
  readonly peak_share: number | null;
}

export interface KeyHealth {
  readonly verdict: { readonly state: 'healthy' | 'attention' | 'unused' | 'ended'; readonly message: string };
  readonly days: number;
  readonly requests: number;
  readonly denied: number;
  readonly allowed_share: number | null;
  readonly denied_by: readonly DeniedBy[];
  readonly limit: { readonly windows: readonly LimitWindow[]; readonly denied_7_days: number };
  readonly findings: readonly {
    readonly code: Finding;
    readonly severity: 'notice' | 'warning';
    readonly message: string;
    readonly since: string | null;
  }[];
}

export interface ScopeUse {
  readonly scope: string;
  readonly service: string | null;
  readonly granted: boolean;
  readonly uses_90_days: number;
  readonly last_used_at: string | null;
  readonly advice: 'remove' | null;
}

export interface ScopeUses {
  readonly access: ApiKey['access'];
  readonly observed_since: string;
  readonly observed_days: number;
  readonly items: readonly ScopeUse[];
  readonly removable: readonly string[];
  readonly sufficient: readonly string[];
  readonly undo: null | {
    readonly removed: readonly string[];
    readonly by: { readonly type: string; readonly id: string | null; readonly name: string };
    readonly at: string;
    readonly until: string;
  };
}

export interface KeyCredential {
  readonly id: string;
  readonly created_at: string;
  readonly rotated_at: string | null;
  readonly retires_at: string | null;
  readonly is_current: boolean;
  readonly last_used: null | {
    readonly at: string;
    readonly client_address: string | null;
    readonly country: string | null;
    readonly user_agent: string | null;
    readonly route: string | null;
    readonly service: string | null;
  };
}
