import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from 'typeorm';

/** Only for effects that have to commit together with their caller's writes. All others open their own transaction. */
const surrounding = new AsyncLocalStorage<EntityManager>();

/** The surrounding transaction's manager, if there is one. */
export function surroundingManager(): EntityManager | undefined {
  return surrounding.getStore();
}

/** Makes the manager's transaction the surrounding one of all that `work` calls. */
export function surroundWith<T>(manager: EntityManager, work: () => T): T {
  return surrounding.run(manager, work);
}
