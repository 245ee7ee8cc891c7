import type { ServiceChanges } from './applied-service.dto.js';
import type { ServicePlan } from './service-plan.js';

/** A plan, as the API answers it. */
export function serviceChanges({ changes, holders, fullAccess, effectOf }: ServicePlan): ServiceChanges {
  const { isNew, fields, resources, scopes, routes } = changes;
  return {
    is_new: isNew,
    fields,
    resources,
    scopes: {
      added: scopes.added,
      removed: scopes.removed.map((scope) => ({ scope, keys: holders.get(scope) ?? 0 })),
    },
    routes: {
      added: routes.added,
      changed: routes.changed.map((change) => ({ ...change, keys: effectOf(change) })),
      removed: routes.removed,
    },
    full_access: fullAccess,
  };
}
