import { AsyncLocalStorage } from 'node:async_hooks';

/** The transaction's setting that the policies of row-level security compare `org_id` with. */
export const ORG_SETTING = 'gatehouse.org_id';

type BoundOrg = () => string | undefined;

const binding = new AsyncLocalStorage<BoundOrg>();

/**
 * Binds the transactions that `work` opens to one org: row-level security then refuses writes to rows of other orgs.
 * @param orgOf called when a transaction opens; undefined: not bound
 */
export function bindTransactions<T>(orgOf: BoundOrg, work: () => T): T {
  return binding.run(orgOf, work);
}

export function boundOrg(): string | undefined {
  return binding.getStore()?.();
}
