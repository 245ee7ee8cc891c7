import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from '../support/installation.js';
import { until } from '../support/until.js';

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.create();
});
afterAll(() => installation.close());

interface Runs {
  /** The minutes for which the job was due, as pg-boss filed them. */
  readonly due: readonly string[] | null;
  /** Due times that have not become a job yet. */
  readonly waiting: number;
  readonly runs: readonly { readonly state: string; readonly retry_count: number }[] | null;
}

// Read in one statement, so that the due times and the runs are of one moment.
const RUNS = `
  WITH due AS (
    SELECT data->>'slot' AS slot, state FROM pgboss.job
    WHERE name = '__pgboss__send-it' AND data->>'name' = 'retention'
  ), run AS (
    SELECT state, retry_count, created_on FROM pgboss.job WHERE name = 'retention'
  )
  SELECT
    (SELECT json_agg(slot ORDER BY slot) FROM due) AS due,
    (SELECT count(*)::int FROM due WHERE state <> 'completed') AS waiting,
    (SELECT json_agg(run ORDER BY created_on) FROM run) AS runs`;

test('one of three processes runs a scheduled job each time it is due', async () => {
  const servers = await installation.startServers(3);
  let seen: Runs | undefined;
  // Once the job is due again, every process has had a chance to run it the first time.
  const hasComeAgain = async () => {
    // Repeated, because a starting server resets the schedule to its declaration.
    await installation.database.query(`UPDATE pgboss.schedule SET cron = '* * * * *' WHERE name = 'retention'`);
    [seen] = (await installation.database.query<Runs>(RUNS)).rows;
    return seen?.waiting === 0 && (seen.runs?.length ?? 0) > 1 && seen.runs?.[0]?.state === 'completed';
  };
  await until('it is done, and is due again', hasComeAgain, { everyMs: 500 });
  const due = seen?.due ?? [];
  const runs = seen?.runs ?? [];
  expect(due).toEqual([...new Set(due)]);
  // Fewer when one was due while the last was still queued: it is skipped.
  expect(runs.length).toBeLessThanOrEqual(due.length);
  expect(runs.filter(({ retry_count }) => retry_count > 0)).toEqual([]);
  expect(await Promise.all(servers.map((server) => server.stop()))).toEqual(
    servers.map(() => ({ code: 0, signal: null })),
  );
  expect(servers.flatMap((server) => server.complaints)).toEqual([]);
});
