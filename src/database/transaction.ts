import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { isDatabaseAway } from '../errors/postgres-error.js';

interface BreakableRunner extends QueryRunner {
  /** With an error, the pool throws the connection away. */
  releasePostgresConnection(error?: Error): Promise<void>;
}

interface OpenTransaction {
  readonly manager: EntityManager;
  readonly committed: (() => Promise<void>)[];
}

/** Only where one effect has to commit together with what its caller writes; everybody else opens his own. */
const surrounding = new AsyncLocalStorage<OpenTransaction>();

/**
 * Runs `work` in one READ COMMITTED transaction on one connection, or in the surrounding one.
 * When the database went away there is nobody to roll back with: the connection is thrown away instead, so that no
 * request waits for a second timeout.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const open = surrounding.getStore();
  return open ? work(open.manager) : openTransaction(dataSource, work);
}

/** A transaction that surrounds what is called from `work`: everything there joins it, and commits or fails with it. */
export async function inSurroundingTransaction<T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const committed: (() => Promise<void>)[] = [];
  const result = await openTransaction(dataSource, (manager) =>
    surrounding.run({ manager, committed }, () => work(manager)),
  );
  for (const action of committed) await action();
  return result;
}

/** The surrounding transaction's manager, if there is one. */
export function surroundingManager(): EntityManager | undefined {
  return surrounding.getStore()?.manager;
}

/** Does something that must not be done before COMMIT: now, or when the surrounding transaction has committed. */
export async function whenCommitted(action: () => Promise<void>): Promise<void> {
  const open = surrounding.getStore();
  if (open) open.committed.push(action);
  else await action();
}

async function openTransaction<T>(dataSource: DataSource, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  // TypeORM lets no caller release a connection as broken, though its Postgres runner can.
  const runner = dataSource.createQueryRunner() as unknown as BreakableRunner;
  let lost: Error | undefined;
  try {
    await runner.startTransaction();
    const result = await work(runner.manager);
    await runner.commitTransaction();
    return result;
  } catch (error) {
    if (isDatabaseAway(error)) lost = error as Error;
    // The runner releases itself when its connection breaks between two statements.
    else if (runner.isTransactionActive && !runner.isReleased) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.releasePostgresConnection(lost);
  }
}
