import type { Pool } from 'pg';
import { CONNECTIONS } from '../connection-budget.js';
import type { DatabaseAddress } from '../connection-settings.js';
import type { WireValue } from '../wire-value.js';
import type { Lane } from './lane.js';
import { Lanes } from './lanes.js';
import type { Statement, TextAnswer } from './statement.js';
import { runAsText } from './text-query.js';

/** Bounds the wait behind a lock, with the timeout: no insert waits for more than that many of another's rows. */
const WAITING_MAX = 16;
const LOCK_TIMEOUT_MS = 20;
/** For which a lane that met a lock takes no inserts: more for the same row may follow. */
const REST_MS = 1_000;
/** Storing and indexing a long text would delay the inserts behind it. */
const CHARACTERS_MAX = 8_192;
const LOCK_NOT_AVAILABLE = '55P03';
/** PgBouncer's answer to a setting that it doesn't know. */
const PROTOCOL_VIOLATION = '08P01';
/** A process must start with the connections that the pool needs, even if there are too few for lanes. */
const TOO_MANY_CONNECTIONS = '53300';
const WITHOUT_LANES = new Set([PROTOCOL_VIOLATION, TOO_MANY_CONNECTIONS]);
const LOCK_TIMEOUT = { name: '', text: `SELECT (current_setting('lock_timeout') = '${LOCK_TIMEOUT_MS}ms')::text` };

/**
 * INSERTs of one row that are pipelined over a few dedicated connections, each a transaction of its own. Those that wait
 * for a lock, and those that find no free lane, take a connection of the pool.
 */
export class PipelinedInserts {
  readonly #restsUntilMs = new WeakMap<Lane, number>();

  private constructor(private readonly lanes: Lanes) {}

  /** @returns undefined where the lock timeout doesn't reach Postgres, as behind PgBouncer, and where connections are short */
  static async open(address: DatabaseAddress): Promise<PipelinedInserts | undefined> {
    const lanes = await openLanes(address);
    if (lanes === undefined) return undefined;
    const inserts = new PipelinedInserts(lanes);
    if ((await inserts.#send(lanes.leastBusy()!, LOCK_TIMEOUT, [])) === 'true') return inserts;
    await inserts.close();
    return undefined;
  }

  run(pool: Pool, statement: Statement, values: readonly WireValue[]): Promise<TextAnswer> {
    const lane = isShort(values) ? this.lanes.leastBusy((each) => this.#isFree(each)) : undefined;
    if (lane === undefined) return runAsText(pool, statement, values);
    return this.#send(lane, statement, values).catch((error: { code?: string }) => {
      if (error.code !== LOCK_NOT_AVAILABLE) throw error;
      this.#restsUntilMs.set(lane, performance.now() + REST_MS);
      return runAsText(pool, statement, values);
    });
  }

  #send(lane: Lane, statement: Statement, values: readonly WireValue[]): Promise<TextAnswer> {
    return new Promise((resolve, reject) => {
      lane.send(statement, values, (error, answer) => (error === null ? resolve(answer) : reject(error)));
    });
  }

  close(): Promise<void> {
    return this.lanes.close();
  }

  #isFree(lane: Lane): boolean {
    if (lane.isSilent || lane.waiting >= WAITING_MAX) return false;
    const until = this.#restsUntilMs.get(lane);
    return until === undefined || until < performance.now();
  }
}

function isShort(values: readonly WireValue[]): boolean {
  let characters = 0;
  for (const value of values) characters += value?.length ?? 0;
  return characters <= CHARACTERS_MAX;
}

async function openLanes(address: DatabaseAddress): Promise<Lanes | undefined> {
  try {
    return await Lanes.open(CONNECTIONS.inserts, address, { lockTimeoutMs: LOCK_TIMEOUT_MS, whenSilent: 'keep' });
  } catch (error) {
    if (WITHOUT_LANES.has((error as { code?: string }).code ?? '')) return undefined;
    throw error;
  }
}
