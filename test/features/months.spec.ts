import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../src/access/principal/principal.js';
import { Events } from '../../src/api/event-ingest/events.service.js';
import { Countries } from '../../src/access/ports/countries.js';
import { Jobs } from '../../src/core/jobs/jobs.service.js';
import { Months } from '../../src/kit/retention/months.js';
import { RETENTION } from '../../src/kit/retention/retention.service.js';
import { flushStatement } from '../../src/kit/usage/flush-sql.js';
import { UsageBatch } from '../../src/kit/usage/usage-batch.js';
import { uuidV7, uuidV7At } from '../../src/core/database/uuid-v7.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

const TABLES = ['key_usage', 'key_refusals', 'events'];
const NEVER = new AbortController().signal;
/** The statement of release 0.1.0, which a rolling upgrade runs on divided tables. */
const DELETE_OF_0_1_0 = (table: string, isOver: string) => `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM ${table} WHERE ${isOver} LIMIT 1000 FOR UPDATE SKIP LOCKED))`;

const server = TestServer.forSuite();
let org: TestOrg;
let keyId: string;
let months: Months;
beforeAll(async () => {
  org = await server.newOrg();
  keyId = (await server.newOrgKey(org)).id;
  months = server.app.get(Months);
});
afterEach(() => months.forget());

/** The partitions of a table from the oldest to the newest, such as `until_202702`. */
async function partitions(table: string): Promise<string[]> {
  const { rows } = await server.owner.query<{ name: string }>('SELECT name FROM month_partitions($1) ORDER BY ends', [
    table,
  ]);
  return rows.map(({ name }) => name.replace(`${table}_`, ''));
}

async function storeUsage(hour: Date): Promise<string> {
  const batch = new UsageBatch();
  const id = uuidV7();
  batch.usage.push({ keyId: id, orgId: org.id, hour, requests: 1, refused: 0, lastUsedAt: hour });
  const statement = flushStatement(uuidV7(), 1, batch, server.app.get(Countries));
  await server.database.pool.query(statement);
  return id;
}

async function storeEvent(at: Date): Promise<string> {
  const id = uuidV7At(at.getTime(), 0);
  await server.database.query(
    `INSERT INTO events (id, org_id, api_key_id, type, event, occurred_at, created_at)
     VALUES ($1, $2, $3, 'client', 'opened', $4, $4)`,
    [id, org.id, keyId, at],
  );
  return id;
}

async function placeOf(table: string, where: string, value: string): Promise<string | undefined> {
  const { rows } = await server.owner.query<{ place: string }>(
    `SELECT tableoid::regclass::text AS place FROM ${table} WHERE ${where} = $1`,
    [value],
  );
  return rows[0]?.place.replace(`${table}_`, '');
}

async function runRetention(): Promise<void> {
  const done = async () => {
    const sql = `SELECT count(*)::int FROM pgboss.job WHERE name = $1 AND state = 'completed'`;
    return (await server.database.pool.query(sql, [RETENTION.name])).rows[0].count as number;
  };
  const before = await done();
  await server.app.get(Jobs).enqueueScheduled(server.database.dataSource.manager, RETENTION);
  await until('a run has ended', async () => (await done()) > before);
}

test('a row is in the partition of its month in UTC', async () => {
  await months.assureFor([Date.UTC(2031, 4)]);
  const last = await storeUsage(new Date('2031-05-31T23:00:00Z'));
  const first = await storeUsage(new Date('2031-06-01T00:00:00Z'));
  expect([await placeOf('key_usage', 'key_id', last), await placeOf('key_usage', 'key_id', first)]).toEqual([
    '203105',
    '203106',
  ]);
  const [before, after] = [
    await storeEvent(new Date('2031-05-31T23:59:59.999Z')),
    await storeEvent(new Date('2031-06-01T00:00:00Z')),
  ];
  expect([await placeOf('events', 'id', before), await placeOf('events', 'id', after)]).toEqual(['203105', '203106']);
});

test('the first partition takes rows that are older than the months', async () => {
  const [usage, event] = [
    await storeUsage(new Date('2019-01-01T00:00:00Z')),
    await storeEvent(new Date('2019-01-01T00:00:00Z')),
  ];
  expect(await placeOf('key_usage', 'key_id', usage)).toMatch(/^until_/);
  expect(await placeOf('events', 'id', event)).toMatch(/^until_/);
});

test('processes can make the same month at once, without failures', async () => {
  const sql = `SELECT add_month('2034-01-01')`;
  await Promise.all(Array.from({ length: 5 }, () => server.database.query(sql)));
  for (const table of TABLES) expect(await partitions(table)).toContain('203401');
});

test('the job makes this month and the three that follow', async () => {
  await months.makeNext(NEVER, Date.UTC(2035, 10, 30, 23));
  for (const table of TABLES) {
    expect((await partitions(table)).slice(-4)).toEqual(['203511', '203512', '203601', '203602']);
  }
});

describe('release 0.1.0', () => {
  test.each([
    { table: 'key_usage', store: storeUsage, name: 'key_id', isOver: `hour < now() - interval '400 days'` },
    { table: 'events', store: storeEvent, name: 'id', isOver: `created_at < now() - interval '400 days'` },
  ])('deletes rows of $table that are over, and no row with the same place in another partition', async (rule) => {
    const { table, store, name, isOver } = rule;
    await server.owner.query(`DELETE FROM ${table} WHERE NOT (${isOver})`);
    await months.assureFor([Date.UTC(2031, 7)]);
    const old = await store(new Date('2018-01-01T00:00:00Z'));
    const { rows } = await server.owner.query(`SELECT ctid FROM ${table} WHERE ${name} = $1`, [old]);
    // As many rows as there can be before that place.
    const young = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        store(new Date(Date.UTC(2031, 7, 1 + (index % 28), index % 24) + index)),
      ),
    );
    const same = await server.owner.query(`SELECT FROM ${table} WHERE ctid = $1 AND ${name} <> $2`, [
      rows[0].ctid,
      old,
    ]);
    expect(same.rowCount).toBeGreaterThan(0);
    await server.database.query(DELETE_OF_0_1_0(table, isOver));
    expect(await placeOf(table, name, old)).toBeUndefined();
    const kept = await server.owner.query(`SELECT FROM ${table} WHERE ${name} = ANY ($1)`, [young]);
    expect(kept.rowCount).toBe(young.length);
  });
});

test('other statements can delete any row of any month', async () => {
  await months.assureFor([Date.UTC(2031, 7)]);
  const id = await storeEvent(new Date('2031-08-09T00:00:00Z'));
  await server.database.query('DELETE FROM events WHERE id = $1', [id]);
  expect(await placeOf('events', 'id', id)).toBeUndefined();
});

test('the server reaches partitions through their parent only, and makes and drops no other table', async () => {
  await months.assureFor([Date.UTC(2031, 7)]);
  for (const table of TABLES) {
    for (const part of await partitions(table)) {
      const read = server.database.query(`SELECT FROM ${table}_${part}`);
      await expect(read, part).rejects.toThrow('permission denied');
    }
  }
  await expect(server.database.query(`SELECT drop_oldest_month('contacts', '9999-01-01')`)).rejects.toThrow(
    'no table of months: contacts',
  );
  await server.owner.query('CREATE ROLE months_stranger LOGIN; GRANT USAGE ON SCHEMA public TO months_stranger');
  const stranger = await server.owner.connect();
  try {
    await stranger.query('SET SESSION AUTHORIZATION months_stranger');
    await expect(stranger.query(`SELECT add_month('2031-08-01')`)).rejects.toThrow('permission denied');
    await expect(stranger.query(`SELECT drop_oldest_month('events', '2031-08-01')`)).rejects.toThrow(
      'permission denied',
    );
    await stranger.query('RESET SESSION AUTHORIZATION; DROP OWNED BY months_stranger; DROP ROLE months_stranger');
  } finally {
    stranger.release(true);
  }
});

describe('months whose time is over', () => {
  test('are dropped while a transaction reads the table, and no write fails meanwhile', async () => {
    await months.assureFor([Date.UTC(2031, 5)]);
    const old = await storeUsage(new Date('2031-06-09T00:00:00Z'));
    const kept = await storeUsage(new Date('2031-07-09T00:00:00Z'));
    const reader = await server.owner.connect();
    try {
      // Holds its lock on the whole table until it commits.
      await reader.query('BEGIN');
      await reader.query('SELECT count(*) FROM key_usage');
      const dropped = dropUntil('key_usage', Date.UTC(2031, 6, 20));
      for (let write = 0; write < 20; write++) await storeUsage(new Date(Date.UTC(2031, 6, 20, write)));
      expect(await placeOf('key_usage', 'key_id', old)).toBe('203106');
      await reader.query('COMMIT');
      expect(await dropped).toEqual(expect.arrayContaining(['key_usage_203105', 'key_usage_203106']));
    } finally {
      reader.release();
    }
    expect(await placeOf('key_usage', 'key_id', old)).toBeUndefined();
    expect(await placeOf('key_usage', 'key_id', kept)).toBe('203107');
  });

  test('are dropped once by two processes at once', async () => {
    await months.makeNext(NEVER, Date.UTC(2036, 0));
    const beforeMs = Date.UTC(2036, 2);
    const [one, other] = await Promise.all([dropUntil('key_refusals', beforeMs), dropUntil('key_refusals', beforeMs)]);
    expect([...one, ...other].toSorted()).toEqual([...new Set([...one, ...other])].toSorted());
    expect(await partitions('key_refusals')).toEqual(['203603', '203604']);
  });

  test('are dropped by the retention job with an audit entry, and no other', async () => {
    // Without the first partition, which has rows one by one.
    await dropUntil('events', Date.UTC(2031, 4));
    const month = await server.owner.query<{ name: string }>(
      `SELECT to_char(now() - interval '460 days', 'YYYYMM') AS name FROM add_month((now() - interval '460 days')::date)`,
    );
    const [old] = month.rows.map(({ name }) => name);
    expect(await partitions('events')).toContain(old);
    await storeEvent(new Date(Date.now() - 460 * 86_400_000));
    await runRetention();
    expect(await partitions('events')).not.toContain(old);
    const { rows } = await server.owner.query<{ changes: object }>(
      `SELECT changes FROM audit_entries WHERE action = 'retention.applied' ORDER BY id DESC LIMIT 1`,
    );
    expect(rows[0]!.changes).toMatchObject({ [`events_${old}`]: { before: 1, after: 0 } });
  });

  test('an event and a use of a key are stored if their month has no partition', async () => {
    await months.makeNext(NEVER, Date.UTC(2037, 0));
    for (const table of TABLES) await dropUntil(table, Date.UTC(2037, 0));
    months.forget();
    const principal = { id: keyId, orgId: org.id, profile: { type: 'client' } } as unknown as Principal;
    const { id } = await server.app.get(Events).post(principal, { event: 'opened' });
    const thisMonth = new Date().toISOString().slice(0, 7).replace('-', '');
    expect(await placeOf('events', 'id', id)).toBe(thisMonth);
    for (const table of TABLES) await dropUntil(table, Date.UTC(2037, 0));
    const { key, id: usedId } = await server.newOrgKey(org);
    await server.as(key).get('/whoami').expect(200);
    await until('the use is stored', async () => (await placeOf('key_usage', 'key_id', usedId)) === thisMonth);
  });
});

async function dropUntil(table: string, beforeMs: number): Promise<string[]> {
  const dropped: string[] = [];
  for (let name = await months.dropOldest(table, beforeMs, NEVER); name !== null;) {
    dropped.push(name);
    name = await months.dropOldest(table, beforeMs, NEVER);
  }
  return dropped;
}
