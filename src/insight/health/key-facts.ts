import type { RefusalReason } from '../../access/errors/refusal-reasons.js';
import type { SuspensionReason } from '../../tenancy/api-keys/api-key.entity.js';
import type { KeyState } from '../../tenancy/api-keys/key-view.dto.js';
import type { KeyFinding } from './key-findings.js';

/** What the health of a key follows from, as Postgres writes it. Counts are of the last 7 days. */
export interface KeyFacts {
  readonly state: KeyState;
  readonly findings: readonly KeyFinding[];
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly suspended_at: string | null;
  readonly suspension_reason: SuspensionReason | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
  /** Denied requests included. */
  readonly requests: number;
  readonly denied: number;
  /** Most requests first. */
  readonly denied_by: readonly DeniedBy[];
  readonly limit_per_minute: number;
  readonly limit_per_hour: number;
  /** The most requests in an hour that were charged to the limits. */
  readonly busiest_hour: number;
  readonly scopes_count: number;
  readonly unused_scopes: number;
  readonly old_credential: OldCredential | null;
  /** When a credential was last found in public. */
  readonly exposed_at: string | null;
  /** Of the key's org. */
  readonly partner_id: string | null;
}

export interface DeniedBy {
  readonly reason: RefusalReason;
  readonly requests: number;
}

/** A credential that was rotated out, was used since, and still works. */
export interface OldCredential {
  readonly rotated_at: string;
  /** When it stops working; null: its grace period starts at the first use of the new credential. */
  readonly retires_at: string | null;
  readonly last_used_at: string;
}

export function deniedFor(reason: RefusalReason, { denied_by }: Pick<KeyFacts, 'denied_by'>): number {
  return denied_by.find((each) => each.reason === reason)?.requests ?? 0;
}
