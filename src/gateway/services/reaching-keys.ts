import type { Service } from '../../tenancy/services/service.entity.js';
import type { ActiveKey } from '../../tenancy/api-keys/key-directory.js';
import type { ReachingKey } from './service-view.dto.js';

/** The keys with a scope of the service, or with full access that covers it. */
export function reachingKeys(
  service: Pick<Service, 'number' | 'full_access'>,
  scopes: ReadonlySet<string>,
  keys: readonly ActiveKey[],
): ReachingKey[] {
  return keys.flatMap((key): ReachingKey[] => {
    const { id, name } = key;
    if (key.scopes === null) return isCovered(service, key) ? [{ id, name, access: 'full', scopes: [] }] : [];
    const own = key.scopes.filter((scope) => scopes.has(scope));
    return own.length > 0 ? [{ id, name, access: 'scoped', scopes: own }] : [];
  });
}

function isCovered({ number, full_access }: Pick<Service, 'number' | 'full_access'>, key: ActiveKey): boolean {
  return full_access === 'all' || BigInt(number) <= BigInt(key.covers_services);
}
