import { instantAsText } from '../../core/database/row-as-json.js';
import { KEY_STATE } from '../../tenancy/api-keys/key-sql.js';
import type { ApiKey } from '../../tenancy/api-keys/api-key.entity.js';
import { SCOPES_COUNTED_SINCE } from './counted-since-sql.js';
import { OBSERVED_DAYS_MIN } from './scope-advice.js';
import type { ScopeChange } from './scope-changes.js';

/** Uses are kept for 400 days. */
const OBSERVED_SINCE = `greatest(api_keys.created_at, now() - interval '400 days', ${SCOPES_COUNTED_SINCE})`;

const CHANGES = `(
  SELECT coalesce(json_agg(json_build_object(
      'action', action, 'at', ${instantAsText('audit_entries.created_at')},
      'can_be_undone', audit_entries.created_at > now() - interval '24 hours',
      'by', json_build_object('type', actor_type, 'id', actor_id, 'name', actor_name),
      'before', changes -> 'scopes' -> 'before', 'after', changes -> 'scopes' -> 'after') ORDER BY sequence), '[]')
  FROM audit_entries
  WHERE org_id = api_keys.org_id AND target_id = api_keys.id AND changes ? 'scopes' AND action <> 'api_key.created'
    AND audit_entries.created_at > now() - interval '${OBSERVED_DAYS_MIN} days')`;

const USES = `(
  SELECT coalesce(json_agg(json_build_object(
      'scope', scope, 'uses_90_days', uses_90_days, 'last_used_at', ${instantAsText('last_used_at')})), '[]')
  FROM (
    SELECT scope, max(last_used_at) AS last_used_at,
      coalesce(sum(uses) FILTER (WHERE day > (now() AT TIME ZONE 'UTC')::date - 90), 0) AS uses_90_days
    FROM key_scope_uses WHERE key_id = api_keys.id GROUP BY scope
  ) used)`;

/** What is known about the scopes of a key of an org ($1: the org, $2: the key), as one row. */
export const SCOPE_FACTS = `
  SELECT kind, type, scopes, ${KEY_STATE} AS state, ${USES} AS uses, ${CHANGES} AS changes,
    ${instantAsText(OBSERVED_SINCE)} AS observed_since,
    floor(extract(epoch FROM now() - ${OBSERVED_SINCE}) / 86400)::int AS observed_days
  FROM api_keys WHERE org_id = $1 AND id = $2`;

export interface CountedScope {
  readonly scope: string;
  readonly uses_90_days: number;
  readonly last_used_at: string;
}

export interface ScopeFacts extends Pick<ApiKey, 'kind' | 'type' | 'scopes'> {
  readonly uses: readonly CountedScope[];
  /** Of the last 30 days, oldest first. */
  readonly changes: readonly ScopeChange[];
  readonly observed_since: string;
  readonly observed_days: number;
}
