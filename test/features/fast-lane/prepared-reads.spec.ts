import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectionSettings, DEFAULT_TIMEOUTS as timeouts } from '../../../src/core/database/connection-settings.js';
import { QueueingPool } from '../../../src/core/database/queueing-pool.js';
import { runAsText } from '../../../src/core/database/fast-lane/text-query.js';
import { PipelinedReads } from '../../../src/core/database/fast-lane/pipelined-reads.js';
import { runPlainly } from '../../../src/core/database/fast-lane/plain-query.js';
import { PooledReads, type PreparedReads } from '../../../src/core/database/fast-lane/prepared-read.js';
import { isDatabaseAway } from '../../../src/core/errors/postgres-error.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { FreezableProxy } from '../../support/freezable-proxy.js';
import { until } from '../../support/until.js';

const LANES = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'gatehouse'`;

const TEXTS = [
  '',
  'plain',
  'Zoë ☕ 𝒳 العربية',
  '"quoted" \\ back',
  "it's; DROP TABLE x --",
  'a\nb\tc',
  'x'.repeat(200_000),
];

let database: TestDatabase;
/** Another application name distinguishes its connections from those of the fast lane. */
let pool: QueueingPool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new QueueingPool({ ...connectionSettings(database.url), application_name: 'test' });
  pool.on('error', () => undefined);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function lanePids(): Promise<number[]> {
  return (await pool.query<{ pid: number }>(LANES)).rows.map(({ pid }) => pid);
}

async function plainly(sql: string, values: readonly (string | null)[] = []): Promise<unknown> {
  const { rows } = await pool.query({
    text: sql,
    values: [...values],
    rowMode: 'array',
    types: { getTypeParser: () => String },
  });
  return (rows as unknown[][])[0]?.[0];
}

describe.each(['pipelined', 'pooled', 'plain'] as const)('%s reads', (kind) => {
  let reads: PreparedReads;
  let pipelined: PipelinedReads;

  beforeAll(async () => {
    const pooled = new PooledReads(pool, runAsText);
    pipelined = await PipelinedReads.open({ url: database.url, timeouts }, pooled);
    reads = { pipelined, pooled, plain: new PooledReads(pool, runPlainly) }[kind];
  });
  afterAll(() => pipelined.close());

  it.each([
    ['integer', `SELECT 1 + $1::int`, ['41']],
    [
      'json of every kind of value',
      `SELECT json_build_array(1.5, true, null, now() > '2020-01-01', $1::text)::text`,
      ['x'],
    ],
    ['jsonb', `SELECT $1::jsonb`, ['{"b": [1, {"c": null}], "a": "é"}']],
    ['uuid', `SELECT $1::uuid`, ['01A20285-5A2D-72BA-967C-EEE2F183C525']],
    ['timestamptz', `SELECT $1::timestamptz`, ['2026-03-15T10:30:00.123Z']],
    ['bytea', `SELECT $1::bytea`, ['\\x00ff']],
    ['array', `SELECT $1::text[]`, ['{"a,b",NULL}']],
    ['the first of two columns', `SELECT $1::text, 'second'`, ['first']],
    ['the first of two rows', `SELECT $1 || n FROM generate_series(1, 2) n ORDER BY n`, ['row ']],
    ['a null parameter', `SELECT coalesce($1::text, 'was null')`, [null]],
  ])('%s: the answer of a plain query', async (name, sql, values) => {
    expect(await reads.prepare(`typed: ${name}`, sql).text(values)).toBe(await plainly(sql, values));
  });

  it('NULL, the empty text and no row are different answers', async () => {
    const read = reads.prepare('kinds of nothing', 'SELECT $1::text WHERE $2::boolean');
    expect(await read.text([null, 'true'])).toBeNull();
    expect(await read.text(['', 'true'])).toBe('');
    expect(await read.text(['x', 'false'])).toBeUndefined();
  });

  it('every text comes back unchanged', async () => {
    const read = reads.prepare('echo', 'SELECT $1::text');
    expect(await Promise.all(TEXTS.map((text) => read.text([text])))).toEqual(TEXTS);
  });

  it('each of 3,000 concurrent reads of several statements gets its own answer', async () => {
    const statements = [1, 2, 3].map((n) =>
      reads.prepare(`statement ${n}`, `SELECT '${n}:' || $1::text WHERE $1 <> '13'`),
    );
    const asked = Array.from({ length: 3_000 }, (_, index) => ({ n: (index % 3) + 1, value: String(index % 17) }));
    const answers = await Promise.all(asked.map(({ n, value }) => statements[n - 1]!.text([value])));
    expect(answers).toEqual(asked.map(({ n, value }) => (value === '13' ? undefined : `${n}:${value}`)));
  });

  it('a refused read leaves concurrent reads alone', async () => {
    const read = reads.prepare('division', 'SELECT (10 / $1::int)::text');
    const answers = await Promise.allSettled(['1', '0', '2', 'x', '5'].map((divisor) => read.text([divisor])));
    expect(
      answers.map((answer) =>
        answer.status === 'fulfilled' ? answer.value : (answer.reason as pg.DatabaseError).code,
      ),
    ).toEqual(['10', '22012', '5', '22P02', '2']);
    expect(await read.text(['3'])).toBe('3');
  });

  it('an invalid statement fails each time with its SQLSTATE', async () => {
    const read = reads.prepare('wrong', 'SELECT no_such_column');
    for (let round = 0; round < 3; round++) await expect(read.text([])).rejects.toMatchObject({ code: '42703' });
  });

  it('a slow statement times out, and later reads succeed', async () => {
    const read = reads.prepare('slow', 'SELECT pg_sleep($1::float)::text');
    const error: unknown = await read.text(['10']).catch((reason: unknown) => reason);
    expect(isDatabaseAway(error)).toBe(true);
    expect(await read.text(['0'])).toBe('');
  });

  it('a name stands for one statement only', () => {
    reads.prepare('same', 'SELECT 1');
    reads.prepare('same', 'SELECT 1');
    expect(() => reads.prepare('same', 'SELECT 2')).toThrow('Two statements are named same.');
    expect(() => reads.prepare('n'.repeat(64), 'SELECT 1')).toThrow('too long');
  });
});

describe('a failing lane', () => {
  it('is replaced without failing a read, while backends are killed under load', async () => {
    const reads = await PipelinedReads.open({ url: database.url, timeouts }, new PooledReads(pool, runAsText));
    const read = reads.prepare('through faults', 'SELECT $1::text || pg_sleep(0.002)::text');
    const failures: unknown[] = [];
    let answered = 0;
    let isLoaded = true;
    const load = Array.from({ length: 32 }, async (_, caller) => {
      for (let count = 0; isLoaded; count++) {
        const value = `${caller}/${count}`;
        const answer = await read.text([value]).catch((error: Error) => error.message);
        if (answer === value) answered++;
        else failures.push(answer);
      }
    });
    for (let round = 0; round < 8; round++) {
      const before = answered;
      await until('the load continues', () => answered > before + 50);
      await pool.query(`SELECT pg_terminate_backend(pid) FROM (${LANES}) lanes`);
    }
    isLoaded = false;
    await Promise.all(load);
    expect(failures).toEqual([]);
    await until('both lanes are open again', async () => (await lanePids()).length === 2);
    await reads.close();
    await until('the lanes are closed', async () => (await lanePids()).length === 0);
  });

  it('is replaced when the backend forgets its statements, as behind a pooler', async () => {
    const reads = await PipelinedReads.open({ url: database.url, timeouts }, new PooledReads(pool, runAsText));
    const read = reads.prepare('echo', 'SELECT $1::text');
    const burst = async () => new Set(await Promise.all(Array.from({ length: 20 }, () => read.text(['x']))));
    await burst();
    const before = await lanePids();
    const forget = reads.prepare('forget', 'DEALLOCATE ALL');
    await Promise.all([forget.text([]), forget.text([])]);
    expect(await burst()).toEqual(new Set(['x']));
    await until('both lanes are new', async () => {
      const pids = await lanePids();
      return pids.length === 2 && !pids.some((pid) => before.includes(pid));
    });
    expect(await burst()).toEqual(new Set(['x']));
    await reads.close();
  });

  it('fails reads when the network is silent, and is replaced when the network is back', async () => {
    const proxy = await FreezableProxy.start(database.url);
    const proxied = new QueueingPool(connectionSettings(proxy.url));
    proxied.on('error', () => undefined);
    const reads = await PipelinedReads.open({ url: proxy.url, timeouts }, new PooledReads(proxied, runAsText));
    const read = reads.prepare('frozen', 'SELECT $1::text');
    expect(await read.text(['before'])).toBe('before');

    proxy.freeze();
    const answer = await Promise.allSettled([read.text(['a']), read.text(['b'])]);
    expect(answer.map(({ status }) => status)).toEqual(['rejected', 'rejected']);

    proxy.cut();
    proxy.thaw();
    await until('reads are answered', async () => (await read.text(['after']).catch(() => '')) === 'after');
    await reads.close();
    await proxied.end();
    await proxy.stop();
  });
});
