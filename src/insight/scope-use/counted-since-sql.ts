/** SQL of a scalar: since when the uses of scopes are counted in this installation. */
export const SCOPES_COUNTED_SINCE = `coalesce(least(
  (SELECT scopes_counted_since FROM installation),
  (SELECT min(day)::timestamp AT TIME ZONE 'UTC' FROM key_scope_uses)), now())`;
