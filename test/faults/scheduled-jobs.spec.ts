import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from '../support/installation.js';
import { until } from '../support/until.js';

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.create();
});
afterAll(() => installation.close());

interface Run {
  readonly minute: string;
  readonly state: string;
  readonly retry_count: number;
}

test('one of three processes runs a scheduled job each time it is due', async () => {
  const servers = await installation.startServers(3);
  const runs = async () => {
    const sql = `SELECT date_trunc('minute', created_on)::text AS minute, state, retry_count
      FROM pgboss.job WHERE name = 'retention' ORDER BY created_on`;
    return (await installation.database.query<Run>(sql)).rows;
  };
  // Once the job is due again, every process has had a chance to run it the first time.
  const hasComeAgain = async () => {
    // Repeated, because a starting server resets the schedule to its declaration.
    await installation.database.query(`UPDATE pgboss.schedule SET cron = '* * * * *' WHERE name = 'retention'`);
    const [first, ...others] = await runs();
    return first?.state === 'completed' && others.some(({ minute }) => minute !== first.minute);
  };
  await until('it was done, and has come due again', hasComeAgain, { everyMs: 500 });
  const seen = await runs();
  expect(seen.map(({ minute }) => minute)).toEqual([...new Set(seen.map(({ minute }) => minute))]);
  expect(seen.filter(({ retry_count }) => retry_count > 0)).toEqual([]);
  expect(await Promise.all(servers.map((server) => server.stop()))).toEqual(
    servers.map(() => ({ code: 0, signal: null })),
  );
  expect(servers.flatMap((server) => server.complaints)).toEqual([]);
});
