import { setTimeout as sleep } from 'node:timers/promises';
import type { Query } from './query.js';

/** The 1.8 s of a lease, and 200 ms for clock drift and short pauses of a machine. */
export const IN_FORCE_BOUND_MS = 2_000;

const FIRST_POLL_MS = 1;
const POLL_MS_MAX = 20;

/**
 * Waits until every process has applied the committed change, or can't trust its cache any more.
 * Call it right after COMMIT and outside any transaction. Call it also when nothing changed: an earlier call that made
 * the change may have crashed before it waited.
 *
 * Takes at most 2 s, also while the database is unavailable, and never throws. A lease that the scan doesn't find
 * belongs to a process that registered later, which reads this change first. A lease that it finds either acknowledges,
 * or sent its last sync before COMMIT returned, and then its trust ends 1.8 s later.
 * @param query takes a connection per statement, so that none is held while waiting
 */
export async function waitUntilInForce(query: Query): Promise<void> {
  const end = performance.now() + IN_FORCE_BOUND_MS;
  const answered = new AbortController();
  const bound = sleep(IN_FORCE_BOUND_MS, undefined, { signal: answered.signal }).catch(() => undefined);
  try {
    // A hung database may never answer, so each statement races the deadline.
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
  if (rows.length === 0) throw new Error('access_version has no row');
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
