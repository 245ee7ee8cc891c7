import type { EntityManager } from 'typeorm';
import { countHolders, groupKeys } from '../../tenancy/api-keys/scope-holders.js';
import { changesBetween, type Change, type DeclarationChanges } from '../declaration/declaration-changes.js';
import type { ServiceDeclaration, ServiceRoute } from '../declaration/service-declaration.js';
import { type KeyEffect, KeyEffects, scopesOfNeeds } from './key-effects.js';
import type { StoredService } from './stored-services.js';

/** What applying a declaration changes, with the numbers of active keys that it concerns. */
export interface ServicePlan {
  readonly changes: DeclarationChanges;
  /** By removed scope: how many keys hold it. The declaration is refused unless it is empty. */
  readonly holders: ReadonlyMap<string, number>;
  readonly fullAccess: KeyEffect;
  effectOf(change: Change<Pick<ServiceRoute, 'needs'>>): KeyEffect;
}

/** @param before undefined: the service is new */
export async function planService(
  manager: EntityManager,
  before: StoredService | undefined,
  after: ServiceDeclaration,
): Promise<ServicePlan> {
  const changes = changesBetween(before?.declaration, after);
  const holders = await countHolders(manager, changes.scopes.removed);
  const scopes = scopesOfNeeds(changes);
  const isEachKeyConcerned = (before?.declaration.full_access ?? 'existing') !== after.full_access;
  const groups =
    isEachKeyConcerned || changes.routes.changed.some((each) => each.before.needs !== each.after.needs)
      ? await groupKeys(manager, scopes, before?.row.number ?? null)
      : [];
  const effects = new KeyEffects(groups, before?.declaration, after);
  return {
    changes,
    holders,
    fullAccess: effects.ofFullAccess(),
    effectOf: (change) => effects.ofNeeds(change.before.needs, change.after.needs),
  };
}
