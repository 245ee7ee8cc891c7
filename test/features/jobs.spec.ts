import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Database } from '../../src/core/database/database.js';
import { inTransaction } from '../../src/core/database/transaction.js';
import { defineJob, defineScheduledJob, type Job, type JobHandler } from '../../src/core/jobs/job.js';
import { Jobs } from '../../src/core/jobs/jobs.service.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { openServices } from '../support/open-services.js';
import { until } from '../support/until.js';

/** Workers without a notification look for jobs this often. */
const POLL_MS = 5_000;

let testDatabase: TestDatabase;
const opened: INestApplicationContext[] = [];
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((context) => context.close()));
});
afterAll(() => testDatabase.drop());

interface Numbered {
  readonly org_id: string;
  readonly number: number;
}

const newName = () => `test-${randomBytes(4).toString('hex')}`;

/** A job with a unique name. */
function newJob(settings: Partial<Parameters<typeof defineJob<Numbered>>[0]> = {}): Job<Numbered> {
  const given = { name: newName(), retries: 0, retryAfterSeconds: 1, secondsMax: 60, atOnce: 2 };
  return defineJob<Numbered>({ ...given, ...settings });
}

/** The services of a process that has not started to work on jobs. */
async function openProcess(): Promise<{ database: Database; jobs: Jobs }> {
  const context = await openServices(testDatabase.serverUrl, randomBytes(32).toString('base64'));
  opened.push(context);
  return { database: context.get(Database), jobs: context.get(Jobs) };
}

async function startWorking(job: Job<Numbered>, run: JobHandler<Numbered>['run'] | JobHandler<Numbered>) {
  const one = await openProcess();
  one.jobs.handle(job, typeof run === 'function' ? { run } : run);
  await one.jobs.start();
  const enqueue = (number: number, org_id = 'one') =>
    inTransaction(one.database.dataSource, (manager) => one.jobs.enqueue(manager, job, { org_id, number }));
  return { ...one, enqueue };
}

async function storedJobs({
  name,
}: {
  readonly name: string;
}): Promise<{ state: string; data: Numbered; output: unknown }[]> {
  const { database } = await openProcess();
  const sql = 'SELECT state, data, output FROM pgboss.job WHERE name = $1 ORDER BY created_on';
  return (await database.pool.query(sql, [name])).rows;
}

test('a job exists only once the transaction that enqueued it has committed', async () => {
  const job = newJob();
  const done: number[] = [];
  const { database, jobs } = await startWorking(job, async ({ number }) => void done.push(number));
  await expect(
    inTransaction(database.dataSource, async (manager) => {
      await jobs.enqueue(manager, job, { org_id: 'one', number: 1 });
      throw new Error('the change failed');
    }),
  ).rejects.toThrow('the change failed');
  await inTransaction(database.dataSource, async (manager) => {
    await jobs.enqueue(manager, job, { org_id: 'one', number: 2 });
    // The job is not visible before the commit.
    expect(await storedJobs(job)).toEqual([]);
  });
  await until('it is done', () => done.includes(2));
  expect(done).toEqual([2]);
});

test('a process that enqueues a job starts it without waiting for the next poll', async () => {
  const job = newJob();
  const done: number[] = [];
  const { enqueue } = await startWorking(job, async ({ number }) => void done.push(number));
  const startedAt = performance.now();
  for (let number = 0; number < 20; number++) {
    await enqueue(number);
    await until('it is done', () => done.includes(number));
  }
  // By polls alone, each job would wait for one after the last.
  expect(performance.now() - startedAt).toBeLessThan((20 * POLL_MS) / 2);
});

test('a full queue is processed without a pause between jobs', async () => {
  const job = newJob();
  const { database, jobs } = await openProcess();
  const done: number[] = [];
  jobs.handle(job, { run: async ({ number }) => void done.push(number) });
  const numbers = Array.from({ length: 30 }, (_, index) => index);
  await inTransaction(database.dataSource, async (manager) => {
    for (const number of numbers) await jobs.enqueue(manager, job, { org_id: 'one', number });
  });
  await jobs.start();
  await until('all are done', () => done.length >= numbers.length);
  expect(done.toSorted((one, other) => one - other)).toEqual(numbers);
});

test('each job runs in one process, and several processes share the jobs', async () => {
  const job = newJob({ atOnce: 4 });
  const doneBy = new Map<number, number[]>();
  const run = (by: number) => async (input: Numbered) => {
    doneBy.set(input.number, [...(doneBy.get(input.number) ?? []), by]);
    // The process holds its jobs until the others have some too.
    await until('each process has a job', () => new Set([...doneBy.values()].flat()).size === 3);
  };
  const processes = await Promise.all([1, 2, 3].map((by) => startWorking(job, run(by))));
  const numbers = Array.from({ length: 60 }, (_, index) => index);
  await Promise.all(numbers.map((number) => processes[number % 3]!.enqueue(number)));
  await until('all are done', () => doneBy.size === numbers.length);
  expect([...doneBy].filter(([, by]) => by.length !== 1)).toEqual([]);
  expect(new Set([...doneBy.values()].flat()).size).toBe(3);
});

test('a failed job is retried until its last attempt, and then reported to its feature and deleted', async () => {
  const job = newJob({ retries: 1, retryAfterSeconds: 1 });
  const tried: number[] = [];
  const givenUp: number[] = [];
  const { enqueue } = await startWorking(job, {
    run: async ({ number }) => {
      tried.push(number);
      throw Object.assign(new Error('the provider is away'), { parameters: ['a secret value'] });
    },
    giveUp: async ({ number }) => void givenUp.push(number),
  });
  await enqueue(7);
  await until('it has failed for good', () => givenUp.length > 0);
  expect({ tried, givenUp }).toEqual({ tried: [7, 7], givenUp: [7] });
  const [stored] = await storedJobs(job);
  expect(stored!.state).toBe('failed');
  expect(JSON.stringify(stored)).toContain('the provider is away');
  expect(JSON.stringify(stored)).not.toContain('secret');
});

test('a scheduled job is queued once, however often it is due', async () => {
  const settings = { retries: 0, retryAfterSeconds: 1, secondsMax: 60 };
  const job = defineScheduledJob({ name: newName(), schedule: '0 0 1 1 *', ...settings });
  const { database, jobs } = await openProcess();
  let done = 0;
  jobs.handle(job, { run: async () => void done++ });
  for (let time = 0; time < 3; time++) await jobs.enqueueScheduled(database.dataSource.manager, job);
  expect(await storedJobs(job)).toHaveLength(1);
  await jobs.start();
  await until('it is done', () => done > 0);
  const { rows } = await database.pool.query('SELECT cron, timezone FROM pgboss.schedule WHERE name = $1', [job.name]);
  expect(rows).toEqual([{ cron: '0 0 1 1 *', timezone: 'UTC' }]);
  expect(done).toBe(1);
});

test('the jobs of one org leave workers to other orgs, in every process', async () => {
  const job = newJob({ atOnce: 4 });
  const { promise: isOtherDone, resolve: otherDone } = Promise.withResolvers<void>();
  const active = [0, 0];
  const most = [0, 0];
  let done = 0;
  const run =
    (by: number) =>
    async ({ org_id }: Numbered) => {
      if (org_id === 'other') return otherDone();
      most[by] = Math.max(most[by]!, ++active[by]!);
      await isOtherDone;
      active[by]!--;
      done++;
    };
  const [one, two] = await Promise.all([0, 1].map((by) => startWorking(job, run(by))));
  const many = Array.from({ length: 60 }, (_, number) => ({ org_id: 'busy', number }));
  await inTransaction(one!.database.dataSource, (manager) => one!.jobs.enqueueAll(manager, job, many));
  await until('the busy org has its share of both', () => active.join() === '2,2');
  await two!.enqueue(60, 'other');
  await isOtherDone;
  await until('the busy org is done too', () => done === many.length);
  expect(most).toEqual([2, 2]);
});

test('an org cannot be given all workers of a job', () => {
  expect(() => newJob({ atOnce: 1 })).toThrow('an org may hold');
  expect(() => newJob({ atOnce: 4, atOncePerOrg: 4 })).toThrow('an org may hold 1 to 3 workers');
});

test('a job without an org, from an older release, runs', async () => {
  const job = newJob();
  const done: number[] = [];
  const { jobs, database, enqueue } = await startWorking(job, async ({ number }) => void done.push(number));
  const after = new Date(Date.now() + 3_600_000);
  await jobs.enqueue(database.dataSource.manager, job, { org_id: 'one', number: 1 }, { after });
  const sql = 'UPDATE pgboss.job SET group_id = NULL, start_after = now() WHERE name = $1';
  await database.pool.query(sql, [job.name]);
  await enqueue(2);
  await until('both are done', () => done.length === 2);
  expect(done.toSorted()).toEqual([1, 2]);
});

test('shutdown waits for running jobs, and starts no more', async () => {
  const job = newJob();
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const seen: string[] = [];
  const { jobs, enqueue } = await startWorking(job, async ({ number }) => {
    seen.push(`begun ${number}`);
    await mayEnd;
    seen.push(`done ${number}`);
  });
  await enqueue(1);
  await until('it has started', () => seen.length > 0);
  const stopped = jobs.stop().then(() => seen.push('stopped'));
  // Requests in progress may still enqueue jobs during a shutdown.
  await enqueue(2);
  end();
  await stopped;
  expect(seen).toEqual(['begun 1', 'done 1', 'stopped']);
  expect((await storedJobs(job)).map(({ state }) => state)).toEqual(['completed', 'created']);
});

test('a job that exceeds the shutdown timeout is aborted, and restarted by another process', async () => {
  const job = newJob({ retries: 1, retryAfterSeconds: 1 });
  const seen: string[] = [];
  const { jobs, enqueue } = await startWorking(job, async (_input, signal) => {
    seen.push('begun');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    seen.push('told to end');
  });
  await enqueue(1);
  await until('it has started', () => seen.length > 0);
  await jobs.stop();
  await startWorking(job, async () => void seen.push('begun by another'));
  await until('another process does it', () => seen.includes('begun by another'));
  expect(seen).toEqual(['begun', 'told to end', 'begun by another']);
});

test('a process that only enqueues, such as the command line, runs no jobs', async () => {
  const job = newJob();
  const { database, jobs } = await openProcess();
  const done: number[] = [];
  jobs.handle(job, { run: async ({ number }) => void done.push(number) });
  await jobs.enqueue(database.dataSource.manager, job, { org_id: 'one', number: 1 });
  expect((await storedJobs(job)).map(({ state }) => state)).toEqual(['created']);
  await startWorking(job, async ({ number }) => void done.push(number + 10));
  await until('the server is ready', () => done.length > 0);
  expect(done).toEqual([11]);
});

test('the number of queued jobs is updated within seconds', async () => {
  const job = newJob();
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const { database, jobs, enqueue } = await startWorking(job, () => mayEnd);
  for (const number of [1, 2, 3]) await enqueue(number);
  const after = new Date(Date.now() + 3_600_000);
  await jobs.enqueue(database.dataSource.manager, job, { org_id: 'one', number: 4 }, { after });
  const depth = async () => (await jobs.depths()).find((each) => each.job === job.name)!;
  await until('it is counted', async () => (await depth()).ready > 0, { everyMs: 100 });
  expect(await depth()).toEqual({ job: job.name, ready: 2, deferred: 1, active: 1, failed: 0 });
  end();
});
