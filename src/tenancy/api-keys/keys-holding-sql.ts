/** How many active keys hold scopes of the resources $1, and of which of them. */
export const KEYS_HOLDING = `
  WITH held AS (
    SELECT id, split_part(scope, ':', 1) AS resource FROM api_keys CROSS JOIN unnest(scopes) scope
    WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
  )
  SELECT count(DISTINCT id)::int AS keys, coalesce(array_agg(DISTINCT resource ORDER BY resource), '{}') AS resources
  FROM held WHERE resource = ANY ($1::text[])`;
