import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectionSettings, DEFAULT_TIMEOUTS, timeoutsOf } from '../../../src/core/database/connection-settings.js';
import { PipelinedInserts } from '../../../src/core/database/fast-lane/pipelined-inserts.js';
import { QueueingPool } from '../../../src/core/database/queueing-pool.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { FreezableProxy } from '../../support/freezable-proxy.js';
import { until } from '../../support/until.js';

const INSERT = { name: 'row', text: 'INSERT INTO lane_rows (id) VALUES ($1) RETURNING id::text || pg_backend_pid()' };
const LANES = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'gatehouse'`;

let database: TestDatabase;
let pool: QueueingPool;
let inserts: PipelinedInserts;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new QueueingPool({ ...connectionSettings(database.url), application_name: 'test' });
  pool.on('error', () => undefined);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(async () => {
  await pool.query('CREATE TABLE lane_rows (id int PRIMARY KEY)');
  inserts = (await PipelinedInserts.open({ url: database.url, timeouts: DEFAULT_TIMEOUTS }))!;
});
afterEach(async () => {
  await inserts.close();
  await pool.query('DROP TABLE lane_rows');
});

const insert = (id: number) => inserts.run(pool, INSERT, [String(id)]);

async function storedIds(): Promise<number[]> {
  return (await pool.query<{ id: number }>('SELECT id FROM lane_rows ORDER BY id')).rows.map(({ id }) => id);
}

async function lanePids(): Promise<number[]> {
  return (await pool.query<{ pid: number }>(LANES)).rows.map(({ pid }) => pid);
}

describe('an insert that violates a constraint', () => {
  it('fails alone, among those that were sent with it', async () => {
    await insert(7);
    const ids = Array.from({ length: 100 }, (_, index) => index % 50);
    const settled = await Promise.allSettled(ids.map(insert));
    const failed = settled.flatMap((each) =>
      each.status === 'rejected' ? [(each.reason as { code: string }).code] : [],
    );
    expect(failed).toEqual(Array.from({ length: 51 }, () => '23505'));
    expect(await storedIds()).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });
});

describe('an insert that meets a lock', () => {
  it('waits on the pool, so that those behind it need not wait for the lock', async () => {
    const lanes = new Set((await lanePids()).map(String));
    const holder = await pool.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('INSERT INTO lane_rows (id) VALUES (1)');
      let isAnswered = false;
      const waiting = insert(1).then(
        () => (isAnswered = true),
        (error: pg.DatabaseError) => error.code,
      );
      // More than there are lanes: some are sent behind the one that waits.
      const behind = await Promise.all(Array.from({ length: 40 }, (_, index) => insert(index + 2)));
      expect(behind).toHaveLength(40);
      expect(isAnswered).toBe(false);
      const blocked = `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO lane_rows%'`;
      await until('the insert waits on a connection of the pool', async () => {
        // Not in the open transaction, which sees the activity of its first look only.
        const { rows } = await pool.query<{ pid: number }>(blocked);
        return rows.length === 1 && !lanes.has(String(rows[0]!.pid));
      });
      await holder.query('COMMIT');
      expect(await waiting).toBe('23505');
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
  });
});

describe('a lane', () => {
  it('that is lost fails its inserts, whose outcome is unknown, and is replaced', async () => {
    const before = await lanePids();
    const slow = { name: 'slow', text: 'INSERT INTO lane_rows SELECT $1::int FROM pg_sleep(2) RETURNING 1::text' };
    const running = Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => inserts.run(pool, slow, [String(index)])),
    );
    await until('every lane runs one', async () => {
      const { rows } = await pool.query(`${LANES} AND state = 'active'`);
      return rows.length === 8;
    });
    await pool.query(`SELECT pg_terminate_backend(pid) FROM (${LANES}) lanes`);
    for (const { status } of await running) expect(status).toBe('rejected');
    await until('the lanes are replaced', async () => {
      const now = await lanePids();
      return now.length === before.length && now.every((pid) => !before.includes(pid));
    });
    await insert(100);
    expect(await storedIds()).toEqual([100]);
  });

  it('whose database is silent keeps its one session, and is used again once it answers', async () => {
    const proxy = await FreezableProxy.start(database.url);
    const timeouts = timeoutsOf(200);
    const behindProxy = (await PipelinedInserts.open({ url: proxy.url, timeouts }))!;
    try {
      const before = await lanePids();
      proxy.freeze('toClient');
      const waiting = await Promise.allSettled(
        Array.from({ length: 8 }, (_, index) => behindProxy.run(pool, INSERT, [String(index)])),
      );
      for (const each of waiting) expect(each).toMatchObject({ reason: { message: 'Query read timeout' } });
      const meanwhile = (await behindProxy.run(pool, INSERT, ['8']))!;
      expect(before.some((pid) => meanwhile.endsWith(String(pid)))).toBe(false);
      expect(await lanePids()).toEqual(before);
      proxy.thaw();
      let id = 9;
      await until('a lane answers', async () => {
        const answer = (await behindProxy.run(pool, INSERT, [String(id++)]))!;
        return before.some((pid) => answer.endsWith(String(pid)));
      });
    } finally {
      await behindProxy.close();
      await proxy.stop();
    }
  });
});

describe('a database with few connections left', () => {
  it('gets no lanes, so that the pool has those that are left', async () => {
    await inserts.close();
    const name = new URL(database.url).pathname.slice(1);
    const limit = async (count: number) =>
      void (await pool.query(`ALTER DATABASE "${name}" CONNECTION LIMIT ${count}`));
    await until('the lanes are closed', async () => (await lanePids()).length === 0);
    const { rows } = await pool.query<{ count: number }>(
      'SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database()',
    );
    await limit(rows[0]!.count + 3);
    try {
      // The limit doesn't apply to the superuser.
      const address = { url: database.serverUrl, timeouts: DEFAULT_TIMEOUTS };
      expect(await PipelinedInserts.open(address)).toBeUndefined();
      await until('none of them stays open', async () => (await lanePids()).length === 0);
    } finally {
      await limit(-1);
    }
  });
});
