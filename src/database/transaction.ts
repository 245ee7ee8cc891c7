import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { isDatabaseAway } from '../errors/postgres-error.js';

interface BreakableRunner extends QueryRunner {
  /** With an error, the pool throws the connection away. */
  releasePostgresConnection(error?: Error): Promise<void>;
}

/**
 * Runs `work` in one READ COMMITTED transaction on one connection.
 * When the database went away there is nobody to roll back with: the connection is thrown away instead, so that no
 * request waits for a second timeout.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
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
    else if (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.releasePostgresConnection(lost);
  }
}
