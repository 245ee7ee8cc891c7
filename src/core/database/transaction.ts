import type pg from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { isCanceled, isSessionLost, isUnanswered } from '../errors/postgres-error.js';
import { boundOrg, ORG_SETTING } from './bound-org.js';
import { startTransactionWith } from './fast-lane/fast-lane.js';
import { surroundingManager, surroundWith } from './surrounding-manager.js';
import { type TurnKind, Turns } from './turns.js';
import { isUuid } from '../wire/row-id.js';

type Action = () => Promise<void>;

/** What an open transaction does before and after its COMMIT, in the order of registration. */
interface Steps {
  readonly before: Action[];
  readonly after: Action[];
  readonly turns: Turns;
}

const stepsOf = new WeakMap<EntityManager, Steps>();

/**
 * Runs `work` in one READ COMMITTED transaction on one connection, or in the surrounding one.
 * A lost session can't roll back. Its connection is discarded instead, so that no request waits for a second timeout.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const open = surroundingManager();
  return open ? work(open) : openTransaction(dataSource, work);
}

/**
 * Runs `work` in a transaction that everything called from `work` joins. Joins the surrounding transaction itself, if
 * there is one.
 */
export async function inSurroundingTransaction<T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const open = surroundingManager();
  if (open) return work(open);
  return openTransaction(dataSource, (manager) => surroundWith(manager, () => work(manager)));
}

/**
 * Runs `action` at the end of the transaction, after its callers' writes. For a row that many transactions lock: the lock
 * is then held as briefly as possible.
 * @param manager of an open transaction
 */
export function beforeCommit(manager: EntityManager, action: Action): void {
  openSteps(manager).before.push(action);
}

/**
 * Waits until no other transaction of this process has or awaits a lock on that row. To be called before a lock that every
 * change of a partner, an org or a key takes.
 * @param manager of an open transaction
 */
export function takeTurn(manager: EntityManager, kind: TurnKind, id: string): Promise<void> {
  return openSteps(manager).turns.take(kind, id);
}

/**
 * Runs `action` after the transaction's COMMIT, or at once without a transaction.
 * @param manager of the transaction; by default of the surrounding one, if there is one
 */
export async function whenCommitted(action: Action, manager = surroundingManager()): Promise<void> {
  const steps = manager && stepsOf.get(manager);
  if (steps) steps.after.push(action);
  else await action();
}

async function openTransaction<T>(dataSource: DataSource, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  const steps: Steps = { before: [], after: [], turns: new Turns(dataSource) };
  stepsOf.set(runner.manager, steps);
  const result = await commitOrRollBack(runner, steps.turns, async (manager) => {
    const done = await work(manager);
    for (const action of steps.before) await action();
    return done;
  });
  for (const action of steps.after) await action();
  return result;
}

/** Binds the transaction to the org whose request it serves, if any. */
async function begin(runner: QueryRunner): Promise<void> {
  const orgId = boundOrg();
  if (orgId === undefined) return runner.startTransaction();
  if (!isUuid(orgId)) throw new Error('The id of the org that a transaction is bound to must be a UUID.');
  await startTransactionWith(runner, `SET LOCAL ${ORG_SETTING} = '${orgId}'`);
}

async function commitOrRollBack<T>(
  runner: QueryRunner,
  turns: Turns,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  let lost: Error | undefined;
  let tooSlow: Error | undefined;
  try {
    await begin(runner);
    const result = await work(runner.manager);
    await runner.commitTransaction();
    return result;
  } catch (error) {
    if (isUnanswered(error) || isCanceled(error)) tooSlow = error as Error;
    if (isSessionLost(error)) lost = error as Error;
    // The runner releases itself when its connection breaks between two statements.
    else if (runner.isTransactionActive && !runner.isReleased) {
      await runner.rollbackTransaction().catch((failure: Error) => (lost = failure));
    }
    throw error;
  } finally {
    turns.end(tooSlow);
    // Without an answer, the pool ends it once Postgres has no more work for it.
    if (lost && !isUnanswered(lost)) await endConnection(runner);
    await runner.release();
  }
}

/** The pool then opens another connection. TypeORM has no public way to release a connection as broken. */
async function endConnection(runner: QueryRunner): Promise<void> {
  if (runner.isReleased) return;
  const client = (await runner.connect().catch(() => undefined)) as pg.Client | undefined;
  // Not awaited: a hung database doesn't answer.
  void client?.end();
}

function openSteps(manager: EntityManager): Steps {
  const steps = stepsOf.get(manager);
  if (!steps) throw new Error('The entity manager has no open transaction.');
  return steps;
}
