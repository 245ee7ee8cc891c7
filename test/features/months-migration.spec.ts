import pg from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { MIGRATIONS } from '../../migrations/index.js';
import { connectionSettings } from '../../src/core/database/connection-settings.js';
import { createDataSource } from '../../src/core/database/data-source.js';
import { bindRowsToOrgs } from '../../src/core/database/org-policies.js';
import { grantToServer } from '../../src/core/database/server-role.js';
import { uuidV7 } from '../../src/core/database/uuid-v7.js';
import { flushStatement } from '../../src/kit/usage/flush-sql.js';
import { UsageBatch } from '../../src/kit/usage/usage-batch.js';
import { Load, scaled } from '../support/load.js';
import { migrateTo, oldDatabase, runSql } from '../support/old-database.js';
import { report } from '../support/report.js';
import { asServer } from '../support/test-run.js';
import { until } from '../support/until.js';

const FIRST = MIGRATIONS.findIndex((Migration) => new Migration().name === 'MonthBounds1763800000109');
const HOURS = scaled(2_000);
const EVENTS = scaled(50_000);
/** More would fill the disk of a machine that a manual run is for. */
const KEYS = 100;
const ORG = '01a00000-0000-7000-8000-000000000001';
const KEY = '01a00000-0000-7000-8000-000000000002';
const OVER = `now() - interval '400 days'`;

const { name, url } = oldDatabase('months');
/** The statements of release 0.1.0, as its role sends them. */
let pool: pg.Pool;
const query = (sql: string, values?: unknown[]) =>
  runSql<{ [column: string]: number | string | boolean }>(url, sql, values);

beforeAll(async () => {
  await runSql(inject('databaseAdminUrl'), `CREATE DATABASE ${name}`);
  await migrateTo(url, FIRST);
  const serverUrl = asServer(url, inject('databaseServerRole'));
  await fill();
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await bindRowsToOrgs(owner);
  await grantToServer(owner, serverUrl);
  await owner.end();
  pool = new pg.Pool({ ...connectionSettings(serverUrl), max: 6 });
});
afterAll(() => pool.end());

/** Usage of up to a year, an event every second, and what is over. */
async function fill(): Promise<void> {
  await query(`
    INSERT INTO partners (id, name) VALUES ('${ORG}', 'Partner');
    INSERT INTO orgs (id, partner_id, name, widget_token) VALUES ('${ORG}', '${ORG}', 'Acme Tours', '');
    INSERT INTO api_keys (id, org_id, kind, name, masked_key, created_by_type, created_by_name)
      VALUES ('${KEY}', '${ORG}', 'bearer', 'Old', '', 'operator', 'test');
    INSERT INTO key_usage (key_id, hour, org_id, requests, refused, last_used_at)
      SELECT ('01a00000-0000-7000-8000-' || lpad(key::text, 12, '0'))::uuid,
        date_trunc('hour', now(), 'UTC') - age * interval '1 hour', '${ORG}', 1, 0, now()
      FROM generate_series(1, ${HOURS}) age, generate_series(1, ${KEYS}) key;
    INSERT INTO key_usage (key_id, hour, org_id, requests, refused, last_used_at)
      SELECT gen_random_uuid(), date_trunc('hour', ${OVER}, 'UTC') - interval '2 hours', '${ORG}', 1, 0, now()
      FROM generate_series(1, 100);
    INSERT INTO key_refusals (key_id, hour, reason, org_id, requests)
      SELECT key_id, hour, 'rate_limited', org_id, 1 FROM key_usage LIMIT ${EVENTS};
    INSERT INTO events (id, org_id, api_key_id, type, event, occurred_at, created_at)
      SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || rpad('70008', 20, '0'))::uuid,
        '${ORG}', '${KEY}', 'client', 'opened', at, at
      FROM generate_series(1, ${EVENTS}) age, LATERAL (SELECT now() - age * interval '1 second' AS at) time`);
}

/** What a server of release 0.1.0 does, over and over. */
class OldServer {
  readonly failures: string[] = [];
  slowestMs = 0;
  done = 0;
  used = 0;
  posted = 0;
  readonly #load: Load;

  constructor() {
    const steps = [() => this.#flush(), () => this.#post(), () => this.#read(), () => this.#clean()];
    let next = 0;
    this.#load = new Load(4, () => this.#timed(steps[next++ % steps.length]!));
  }

  stop(): Promise<void> {
    return this.#load.stop();
  }

  /** Resolves when each kind of statement has been sent again. */
  async goOn(): Promise<void> {
    const enough = this.done + 40;
    await until('the old server goes on', () => this.done >= enough);
  }

  async #timed(step: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    await step().catch((error: unknown) => void this.failures.push(String(error)));
    this.slowestMs = Math.max(this.slowestMs, performance.now() - startedAt);
    this.done++;
  }

  async #flush(): Promise<void> {
    const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
    const batch = new UsageBatch();
    batch.usage.push({ keyId: KEY, orgId: ORG, hour, requests: 1, refused: 1, lastUsedAt: new Date() });
    batch.refusals.push({ keyId: KEY, orgId: ORG, hour, reason: 'rate_limited', requests: 1 });
    await pool.query(flushStatement(uuidV7(), 1, batch, { of: () => null }));
    this.used++;
  }

  async #post(): Promise<void> {
    await pool.query({
      name: 'event',
      text: `INSERT INTO events (id, org_id, api_key_id, type, event, occurred_at) VALUES ($1, $2, $3, 'client', 'opened', now())`,
      values: [uuidV7(), ORG, KEY],
    });
    this.posted++;
  }

  async #read(): Promise<void> {
    const lastUse = 'SELECT last_used_at FROM key_usage WHERE key_id = $1 ORDER BY hour DESC LIMIT 1';
    await pool.query({ name: 'last use', text: lastUse, values: [KEY] });
    const list = 'SELECT id FROM events WHERE org_id = $1 ORDER BY id DESC LIMIT 50';
    const { rowCount } = await pool.query({ name: 'list', text: list, values: [ORG] });
    if (rowCount !== 50) throw new Error(`the list shows ${rowCount} events`);
  }

  async #clean(): Promise<void> {
    for (const [table, isOver] of [
      ['key_usage', `hour < ${OVER}`],
      ['key_refusals', `hour < ${OVER}`],
      ['events', `created_at < ${OVER}`],
    ]) {
      await pool.query(`DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${table} WHERE ${isOver} LIMIT 10 FOR UPDATE SKIP LOCKED))`);
    }
  }
}

/** The numbers of rows and of what they count, without what is over. */
async function totals() {
  const [row] = await query(`
    SELECT (SELECT sum(requests)::int FROM key_usage WHERE hour >= ${OVER}) AS used,
      (SELECT sum(requests)::int FROM key_refusals WHERE hour >= ${OVER}) AS refused,
      (SELECT count(*)::int FROM events) AS posted,
      (SELECT count(*)::int FROM key_usage WHERE hour < ${OVER}) AS over`);
  return row as { used: number; refused: number; posted: number; over: number };
}

const isDivided = async (table: string) =>
  (await query(`SELECT relkind = 'p' AS divided FROM pg_class WHERE oid = '${table}'::regclass`))[0]!['divided'];

/** The migration waits for others, who may not wait for it long. */
const isWaiting = async () =>
  (
    await query(
      `SELECT count(*)::int FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%LOCK TABLE%'`,
    )
  )[0]!['count'] !== 0;

test('tables are divided while servers of release 0.1.0 write, and no statement fails', async () => {
  const before = await totals();
  const server = new OldServer();
  await server.goOn();
  const startedAt = performance.now();
  // A restart after any of the three goes on with the next.
  for (const count of [1, 2]) {
    await migrateTo(url, FIRST + count);
    await server.goOn();
  }
  const reader = new pg.Client({ connectionString: url });
  await reader.connect();
  await reader.query('BEGIN');
  await reader.query('SELECT FROM key_usage LIMIT 1; SELECT FROM events LIMIT 1');
  const last = migrateTo(url, FIRST + 3);
  await until('the migration waits for a reader', isWaiting, { everyMs: 5 });
  await until('the migration lets others go on', async () => !(await isWaiting()), { everyMs: 5 });
  await server.goOn();
  await reader.query('COMMIT');
  await reader.end();
  await last;
  const migratedMs = performance.now() - startedAt;
  await server.goOn();
  await server.stop();
  expect(server.failures).toEqual([]);
  const after = await totals();
  expect(after).toEqual({
    used: before.used + server.used,
    refused: before.refused + server.used,
    posted: before.posted + server.posted,
    over: after.over,
  });
  expect(after.over).toBeLessThan(before.over);
  expect(await Promise.all(['key_usage', 'key_refusals', 'events'].map(isDivided))).toEqual([true, true, true]);
  report('tables divided into months', {
    'rows of usage': before.used,
    events: before.posted,
    'seconds, with a reader to wait for': migratedMs / 1_000,
    'statements meanwhile': server.done,
    failed: server.failures.length,
    'slowest, ms': server.slowestMs,
  });
});

test('the way back and forth keeps every row', async () => {
  const before = await totals();
  // A row beyond the first partition.
  await query(`SELECT add_month('2041-05-01');
    INSERT INTO key_usage VALUES ('${KEY}', '2041-05-02T00:00:00Z', '${ORG}', 1, 0, now())`);
  const dataSource = await createDataSource({ url, poolSize: 2, entities: [] }).initialize();
  for (let count = 0; count < 3; count++) await dataSource.undoLastMigration({ transaction: 'each' });
  await dataSource.destroy();
  expect(await isDivided('key_usage')).toBe(false);
  expect(await totals()).toEqual({ ...before, used: before.used + 1 });
  const insert = pool.query(`INSERT INTO key_usage VALUES ($1, now(), $2, 1, 0, now())`, [uuidV7(), ORG]);
  expect((await insert).rowCount).toBe(1);
  await migrateTo(url, FIRST + 3);
  expect(await totals()).toEqual({ ...before, used: before.used + 2 });
  // The clock that stored this row was wrong: the first partition has it, and all rows before it.
  const [{ name: first }] = (await query(`SELECT name FROM month_partitions('key_usage') WHERE is_first`)) as [
    { name: string },
  ];
  expect(first).toBe('key_usage_until_204106');
});
