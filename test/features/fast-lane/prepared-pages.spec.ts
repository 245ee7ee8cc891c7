import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionSettings } from '../../../src/core/database/connection-settings.js';
import type { Database } from '../../../src/core/database/database.js';
import { runAsText } from '../../../src/core/database/fast-lane/text-query.js';
import { PooledReads } from '../../../src/core/database/fast-lane/prepared-read.js';
import { QueueingPool } from '../../../src/core/database/queueing-pool.js';
import { cursorOf } from '../../../src/kit/lists/cursor.js';
import { PAGE_MAX, pageMaker } from '../../../src/kit/lists/list-queries.js';
import { PreparedPages } from '../../../src/kit/lists/prepared-pages.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

/** Of that many orgs with a hundred rows each. For them alone, Postgres would sort the rows of an org, also of a large one. */
const ORGS = 100;
const LARGE = 'large';
const LARGE_ROWS = 2_000;

let database: TestDatabase;
let pool: QueueingPool;
let pages: PreparedPages<object>;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new QueueingPool({ ...connectionSettings(database.url), max: 1 });
  await pool.query(`CREATE TABLE page_rows (org_id uuid, id uuid, text text, PRIMARY KEY (org_id, id))`);
  await pool.query('CREATE INDEX ON page_rows (org_id, text)');
  await pool.query(
    `INSERT INTO page_rows SELECT md5((n % ${ORGS})::text)::uuid, md5(n::text)::uuid, repeat('x', 200)
     FROM generate_series(1, ${ORGS * 100}) n ORDER BY md5(n::text)`,
  );
  await pool.query(
    `INSERT INTO page_rows SELECT md5('${LARGE}')::uuid, md5('large ' || n)::uuid, 'row "' || n || '", of {large}'
     FROM generate_series(1, ${LARGE_ROWS}) n`,
  );
  await pool.query('ANALYZE page_rows');
  const reads = new PooledReads(pool, runAsText);
  // Lists need nothing else of a database.
  pages = new PreparedPages({ reads, slowReads: reads } as unknown as Database, {
    table: 'page_rows',
    item: '(SELECT row_to_json(wire)::text FROM (SELECT page_rows.id, page_rows.text) wire)',
    filters: {},
  });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function orgId(name: string): Promise<string> {
  return (await pool.query<{ id: string }>('SELECT md5($1)::uuid AS id', [name])).rows[0]!.id;
}

const LIMITS = [1, 7, PAGE_MAX - 1, PAGE_MAX, PAGE_MAX + 1, 3 * PAGE_MAX, LARGE_ROWS - 1, LARGE_ROWS, LARGE_ROWS + 1];

it.each(LIMITS)('pages of %i rows hold the newest rows to the byte, and lead to the next page', async (limit) => {
  const org = await orgId(LARGE);
  const sql = `SELECT id, row_to_json(wire)::text AS body FROM (SELECT id, text FROM page_rows WHERE org_id = $1) wire ORDER BY id DESC`;
  const { rows } = await pool.query<{ id: string; body: string }>(sql, [org]);
  let cursor: string | undefined;
  for (let from = 0; from < Math.min(rows.length, 3 * limit); from += limit) {
    const shown = rows.slice(from, from + limit);
    const next = from + limit < rows.length ? cursorOf(shown.at(-1)!.id) : null;
    const { text } = await pages.read(org, pageMaker([], {})(limit, cursor));
    expect(text).toBe(`{"items":[${shown.map(({ body }) => body).join(',')}],"next":${JSON.stringify(next)}}`);
    cursor = next ?? undefined;
  }
});

it('an org without rows has an empty page', async () => {
  expect((await pages.read(await orgId('none'), pageMaker([], {})(5))).text).toBe('{"items":[],"next":null}');
});

it.each([
  ['first', undefined],
  ['later', cursorOf('80000000-0000-7000-8000-000000000000')],
])('the %s page of every org has one plan, which reads by index', async (name, cursor) => {
  const page = pageMaker([], {})(20, cursor);
  let text = '';
  const reads = { prepare: (_name: string, sql: string) => ((text = sql), { json: async () => undefined }) };
  const recorded = { reads } as unknown as Database;
  await new PreparedPages(recorded, { table: 'page_rows', item: 'to_json(text)::text', filters: {} }).read('', page);
  for (const org of Array.from({ length: 10 }, (_, index) => (index % 2 ? LARGE : '7'))) {
    await pool.query({ name, text, values: [await orgId(org), ...page.values] });
  }
  const { rows: plans } = await pool.query(
    'SELECT generic_plans > 0 AS is_kept FROM pg_prepared_statements WHERE name = $1',
    [name],
  );
  expect(plans).toEqual([{ is_kept: true }]);
  const { rows: lines } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${text}`);
  const plan = lines.map((line) => line['QUERY PLAN']).join('\n');
  expect(plan).toContain('Index Scan Backward using page_rows_pkey');
  expect(plan).not.toContain('Sort');
});
