import type { QueryRunner } from 'typeorm';

/** TypeORM's runner, with its protected fields. Only this file relies on them. */
interface OpenableRunner extends Pick<QueryRunner, 'query'> {
  isTransactionActive: boolean;
  transactionDepth: number;
}

/** Starts a transaction and runs a statement in it, in one message. TypeORM would send two. */
export async function startInOneMessage(queryRunner: QueryRunner, statement: string): Promise<void> {
  const runner = queryRunner as unknown as OpenableRunner;
  runner.isTransactionActive = true;
  await runner.query(`START TRANSACTION; ${statement}`);
  runner.transactionDepth++;
}

export async function startInTwoMessages(runner: QueryRunner, statement: string): Promise<void> {
  await runner.startTransaction();
  await runner.query(statement);
}
