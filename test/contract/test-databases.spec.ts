import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { Jobs } from '../../src/core/jobs/jobs.service.js';
import { createTestDatabase } from '../support/database.js';
import { TestServer } from '../support/start-app.js';
import { TestRun } from '../support/test-run.js';

const adminUrl = inject('databaseAdminUrl');

test('test databases that are created concurrently are migrated, separate, and gone once dropped', async () => {
  const databases = await Promise.all(Array.from({ length: 6 }, () => createTestDatabase()));
  const counts = await Promise.all(
    databases.map(async ({ url }, index) => {
      await query(url, `create table mine_${index} (id int)`);
      const [row] = await query(url, `select count(*)::int as count from pg_tables where tablename like 'mine_%'`);
      await query(url, 'select from migrations');
      return row?.['count'];
    }),
  );
  expect(counts).toEqual([1, 1, 1, 1, 1, 1]);
  await Promise.all(databases.map((database) => database.drop()));
  expect(await existing(databases.map(({ url }) => nameIn(url)))).toEqual([]);
});

test('a run drops the databases of a crashed run, and no others', async () => {
  const crashed = `gatehouse_test_${randomBytes(4).toString('hex')}_template`;
  const foreign = `gatehouse_test_of_${randomBytes(4).toString('hex')}`;
  const living = await createTestDatabase();
  for (const name of [crashed, foreign]) await query(adminUrl, `create database ${name}`);
  try {
    await (await TestRun.begin(adminUrl)).end();
    expect(await existing([crashed, foreign, nameIn(living.url)])).toEqual([nameIn(living.url), foreign].sort());
  } finally {
    await living.drop();
    for (const name of [crashed, foreign]) await query(adminUrl, `drop database if exists ${name}`);
  }
});

test('a run leaves no database behind', async () => {
  const run = await TestRun.begin(adminUrl);
  await run.makeTemplate(async (url) => query(url, 'create table migrated (id int)'));
  expect(await existing([run.template])).toEqual([run.template]);
  await run.end();
  expect(await existing([run.template])).toEqual([]);
});

test("no scheduled job becomes due in a test's server", async () => {
  const server = await TestServer.start();
  await server.app.get(Jobs).start();
  expect(await query(server.databaseUrl, 'select name from pgboss.schedule')).toEqual([]);
  await server.close();
});

function nameIn(url: string): string {
  return new URL(url).pathname.slice(1);
}

async function existing(names: string[]): Promise<unknown[]> {
  const list = names.map((name) => `'${name}'`).join(', ');
  const rows = await query(adminUrl, `select datname as name from pg_database where datname in (${list}) order by 1`);
  return rows.map((row) => row['name']);
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
