import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Probe, QueueingPool } from '../../src/core/database/queueing-pool.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FreezableProxy } from '../support/freezable-proxy.js';
import { until } from '../support/until.js';

let database: TestDatabase;
let proxy: FreezableProxy;
let pool: QueueingPool;

beforeEach(async () => {
  database = await createTestDatabase();
  proxy = await FreezableProxy.start(database.url);
  pool = new QueueingPool({
    connectionString: proxy.url,
    max: 2,
    connectionTimeoutMillis: 1_500,
    query_timeout: 3_000,
  });
  // The proxy may cut idle connections.
  pool.on('error', () => undefined);
});
afterEach(async () => {
  proxy.thaw();
  await pool.end();
  await proxy.stop();
  await database.drop();
});

const ask = () => pool.query('select 1 as one');
const outcomes = async (asked: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(asked)).map((outcome) =>
    outcome.status === 'fulfilled' ? 'answered' : outcome.reason.message,
  );

const askThrough =
  (elsewhere: QueueingPool): Probe =>
  async ({ text }, values) => {
    const { rows } = await elsewhere.query<(string | null)[]>({ text, values: [...values], rowMode: 'array' });
    return rows[0]?.[0];
  };

/** On a connection of its own, as the probe of a server is. */
async function withProbe(work: (elsewhere: QueueingPool) => Promise<void>): Promise<void> {
  const elsewhere = new QueueingPool({ connectionString: database.url, max: 1 });
  pool.probeBy(askThrough(elsewhere));
  await work(elsewhere).finally(() => elsewhere.end());
}

/** The pool's sessions in Postgres. */
async function sessions(elsewhere: QueueingPool): Promise<number> {
  const { rows } = await elsewhere.query(
    'select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  return rows[0].count;
}

describe('QueueingPool', () => {
  it('serves callers in order, also those that wait longer than a silent database is given', async () => {
    await Promise.all([ask(), ask()]);
    const order: number[] = [];
    const startedAt = performance.now();
    const asked = Array.from({ length: 90 }, async (_, index) => {
      const client = await pool.connect();
      order.push(index);
      await client.query('select pg_sleep(0.05)');
      client.release();
    });
    await Promise.all(asked);
    expect(performance.now() - startedAt).toBeGreaterThan(2_000);
    expect(order).toEqual(order.map((_, place) => place));
  });

  it('keeps callers waiting while transactions that hold every connection are answered', async () => {
    const held = await Promise.all([pool.connect(), pool.connect()]);
    const waiter = ask();
    const startedAt = performance.now();
    while (performance.now() - startedAt < 2_500) await Promise.all(held.map((each) => each.query('select 1')));
    for (const each of held) each.release();
    expect((await waiter).rows).toEqual([{ one: 1 }]);
  });

  it('keeps callers waiting behind a lock while the probe is answered', async () => {
    const elsewhere = new QueueingPool({ connectionString: database.url, max: 1 });
    pool.probeBy(askThrough(elsewhere));
    // A new connection can take longer than a probe may.
    await Promise.all([ask(), ask(), elsewhere.query('select')]);
    const holders = [pool.query('select pg_sleep(2.5)'), pool.query('select pg_sleep(2.5)')];
    expect((await ask()).rows).toEqual([{ one: 1 }]);
    await Promise.all(holders);
    await elsewhere.end();
  });

  it('refuses callers when neither connections nor the probe are answered', async () => {
    const elsewhere = new QueueingPool({ connectionString: proxy.url, max: 1, query_timeout: 3_000 });
    pool.probeBy(askThrough(elsewhere));
    await Promise.all([ask(), ask(), elsewhere.query('select')]);
    proxy.freeze();
    const holders = outcomes([ask(), ask()]);
    expect(await outcomes([ask()])).toEqual(['timeout exceeded when trying to connect']);
    proxy.thaw();
    await holders;
    await elsewhere.end();
  });

  it('refuses callers of a silent database, and serves again when it is back', async () => {
    await Promise.all([ask(), ask()]);
    proxy.freeze();
    const [holders, waiters] = [
      [ask(), ask()],
      [ask(), ask(), ask()],
    ];
    expect(await outcomes(waiters)).toEqual(Array(3).fill('timeout exceeded when trying to connect'));
    const stillHeld = await Promise.race([...holders.map((held) => held.catch(() => 'lost')), 'held']);
    expect(stillHeld).toBe('held');
    await outcomes(holders);
    proxy.thaw();
    expect(await outcomes([ask(), ask(), ask()])).toEqual(['answered', 'answered', 'answered']);
  });

  it('keeps the place of a statement that Postgres still works on, and uses it again afterwards', () =>
    withProbe(async (elsewhere) => {
      await Promise.all([ask(), ask()]);
      const stuck = 'select pg_sleep(6)';
      const timedOut = [pool.query(stuck), pool.query(stuck)];
      expect(await outcomes(timedOut)).toEqual(['Query read timeout', 'Query read timeout']);
      expect(await outcomes([ask(), ask()])).toEqual(Array(2).fill('timeout exceeded when trying to connect'));
      expect([pool.totalCount, await sessions(elsewhere)]).toEqual([2, 2]);
      await until('both are answered', async () => (await sessions(elsewhere)) === 0);
      expect(await outcomes([ask(), ask(), ask()])).toEqual(['answered', 'answered', 'answered']);
    }));

  it('frees the place of a statement that Postgres does not work on, and whose answer never comes', () =>
    withProbe(async () => {
      await Promise.all([ask(), ask()]);
      proxy.freeze('toClient');
      expect(await outcomes([ask(), ask()])).toEqual(['Query read timeout', 'Query read timeout']);
      await until('both places are free', () => pool.totalCount === 0);
    }));

  it('ends at once while statements have no answer', async () => {
    await Promise.all([ask(), ask()]);
    proxy.freeze();
    await outcomes([ask(), ask()]);
    expect(pool.totalCount).toBe(2);
    await pool.end();
    pool = new QueueingPool({ connectionString: proxy.url });
  });

  it('keeps its size after errors, lost connections and clients that are released as broken', async () => {
    await outcomes([
      pool.query('nonsense'),
      pool.query('select 1 / 0'),
      pool.query('select pg_terminate_backend(pg_backend_pid())'),
    ]);
    proxy.refuse(true);
    await outcomes([ask(), ask(), ask(), ask()]);
    proxy.refuse(false);
    for (let round = 0; round < 3; round++) {
      const [one, other] = await Promise.all([pool.connect(), pool.connect()]);
      const waiter = ask();
      expect(pool.totalCount).toBe(2);
      one.release(new Error('broken'));
      other.release();
      expect((await waiter).rows).toEqual([{ one: 1 }]);
    }
  });

  it('does not use a connection again that is released inside a transaction', async () => {
    const client = await pool.connect();
    await client.query('begin');
    client.release();
    const statement = 'select now() = statement_timestamp() as is_own_transaction';
    expect((await pool.query(statement)).rows).toEqual([{ is_own_transaction: true }]);
  });

  it('a client that is released twice is an error and frees no second place', async () => {
    const client = await pool.connect();
    client.release();
    expect(() => client.release()).toThrow('Release called on client which has already been released');
    const held = await Promise.all([pool.connect(), pool.connect()]);
    let isServed = false;
    const third = ask().then(() => (isServed = true));
    await held[0].query('select 1');
    expect(isServed).toBe(false);
    for (const each of held) each.release();
    await third;
  });

  it('queues 5,000 callers, refuses the next at once, and refuses all of them when it ends', async () => {
    // Answer probes at once, so that the database does not count as hung while 5,000 callers are refused.
    pool.probeBy(async () => '0');
    const held = await Promise.all([pool.connect(), pool.connect()]);
    const waiting = Array.from({ length: 5_000 }, ask);
    await expect(ask()).rejects.toThrow('timeout exceeded when trying to connect: 5000 wait already');
    const ended = pool.end();
    for (const each of held) each.release();
    expect(new Set(await outcomes(waiting))).toEqual(new Set(['Cannot use a pool after calling end on the pool']));
    await ended;
    pool = new QueueingPool({ connectionString: proxy.url });
  });
});
