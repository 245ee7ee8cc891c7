import type { EntityManager } from 'typeorm';

/** Keys of orgs that work, or can work again. */
const ACTIVE_KEYS = `
  api_keys k JOIN orgs o ON o.id = k.org_id AND o.archived_at IS NULL
  WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`;

const HELD_SCOPES = `
  SELECT scope, count(*)::int AS keys
  FROM (SELECT k.scopes FROM ${ACTIVE_KEYS} AND k.scopes IS NOT NULL AND k.scopes && $1) held, unnest(held.scopes) scope
  WHERE scope = ANY ($1)
  GROUP BY scope ORDER BY scope`;

/** Counts the active keys that were granted each scope. Scopes that no key holds are left out. */
export async function countHolders(
  manager: EntityManager,
  scopes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (scopes.length === 0) return new Map();
  const rows = await manager.query<{ scope: string; keys: number }[]>(HELD_SCOPES, [scopes]);
  return new Map(rows.map(({ scope, keys }) => [scope, keys]));
}

/** Active keys that are granted the same, of some scopes. */
export interface KeyGroup {
  readonly keys: number;
  readonly scopes: readonly string[];
  readonly hasFullAccess: boolean;
  /** Its full access is as young as the service, or younger. */
  readonly coversService: boolean;
}

const GROUPS = `
  SELECT count(*)::int AS keys, scopes, "hasFullAccess", "coversService" FROM (
    SELECT
      CASE WHEN k.scopes && $1 THEN ARRAY(SELECT s FROM unnest(k.scopes) s WHERE s = ANY ($1) ORDER BY s) ELSE '{}' END
        AS scopes,
      k.type = 'standard' AND k.scopes IS NULL AS "hasFullAccess",
      k.type = 'standard' AND k.scopes IS NULL AND coalesce(k.covers_services >= $2, false) AS "coversService"
    FROM ${ACTIVE_KEYS}
  ) granted
  GROUP BY scopes, "hasFullAccess", "coversService"`;

/**
 * Groups all active keys of orgs by what they are granted, of the scopes given.
 * @param serviceNumber null: a service that doesn't exist yet
 */
export function groupKeys(
  manager: EntityManager,
  scopes: readonly string[],
  serviceNumber: string | null,
): Promise<KeyGroup[]> {
  return manager.query<KeyGroup[]>(GROUPS, [scopes, serviceNumber]);
}
