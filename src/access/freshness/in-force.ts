import { setTimeout as sleep } from 'node:timers/promises';
import type { Query } from './query.js';

/** A lease's 1.8 s, and 200 ms for the rates of two clocks and a machine's short pauses. */
export const IN_FORCE_BOUND_MS = 2_000;

const FIRST_POLL_MS = 1;
const POLL_MS_MAX = 20;

/**
 * Returns when no process judges by what was before: each has acknowledged, or can't trust its cache any more.
 * Call it as soon as COMMIT has answered and outside any transaction, also when nothing had to be changed: an earlier
 * call that made the change may have died before it waited.
 *
 * Takes at most 2 s, also while the database is away, and never throws. A row that the scan doesn't find belongs to a
 * process that registered later and so reads this change first; a row that it finds acknowledges, or its last sync
 * without this change was sent before COMMIT answered, and its trust has run out 1.8 s after that.
 * @param query takes a connection for each statement, so that none is held while waiting
 */
export async function waitUntilInForce(query: Query): Promise<void> {
  const end = performance.now() + IN_FORCE_BOUND_MS;
  const answered = new AbortController();
  const bound = sleep(IN_FORCE_BOUND_MS, undefined, { signal: answered.signal }).catch(() => undefined);
  try {
    // A frozen database answers late or never, so each statement races the bound.
    await Promise.race([acknowledgedByAll(query, end), bound]);
  } catch {
    await bound;
  } finally {
    answered.abort();
  }
}

async function acknowledgedByAll(query: Query, end: number): Promise<void> {
  const { rows } = await query(
    'select v.version, l.id from access_version v left join access_lease l on l.acked < v.version',
  );
  if (rows.length === 0) throw new Error('access_version has lost its row');
  const version = rows[0]?.version;
  let waitingFor = leaseIds(rows);
  let pauseMs = FIRST_POLL_MS;
  while (waitingFor.length > 0 && performance.now() < end) {
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 1.5, POLL_MS_MAX);
    const answer = await query('select id from access_lease where id = any($1) and acked < $2', [waitingFor, version]);
    waitingFor = leaseIds(answer.rows);
  }
}

function leaseIds(rows: readonly Record<string, unknown>[]): unknown[] {
  return rows.map((row) => row.id).filter((id) => id !== null);
}
