import { AsyncLocalStorage } from 'node:async_hooks';

/** The transaction's setting that the policies of row-level security compare `org_id` with. */
export const ORG_SETTING = 'gatehouse.org_id';

type BoundOrg = () => string | undefined;

const binding = new AsyncLocalStorage<BoundOrg>();

/**
 * Binds the transactions that `work` opens to one org: whatever their statements say, they write no row of another.
 * @param orgOf asked when a transaction opens; undefined: bound to none
 */
export function bindTransactions<T>(orgOf: BoundOrg, work: () => T): T {
  return binding.run(orgOf, work);
}

export function boundOrg(): string | undefined {
  return binding.getStore()?.();
}
