import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runMigrations } from '../../src/core/database/migrate.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/until.js';

/** Waits for the writers of api_keys, and writers that come later wait for it. Can run twice. */
const MIGRATION = 'KeysRingWhenRead1763800000103';
/** A request waits for as long. */
const PATIENCE_MS = 10_000;

let database: TestDatabase;
let writer: pg.Client;
let request: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  writer = new pg.Client({ connectionString: database.url });
  request = new pg.Client({ connectionString: database.url, lock_timeout: PATIENCE_MS });
  await Promise.all([writer.connect(), request.connect()]);
});
afterAll(async () => {
  await Promise.all([writer.end(), request.end()]);
  await database.drop();
});

async function isWaited(): Promise<boolean> {
  const sql = `SELECT FROM pg_locks WHERE relation = 'api_keys'::regclass AND NOT granted`;
  return (await request.query(sql)).rowCount !== 0;
}

test('requests have their turn while a migration waits for a long transaction', async () => {
  await request.query('DELETE FROM migrations WHERE name = $1', [MIGRATION]);
  await writer.query('BEGIN; UPDATE api_keys SET name = name WHERE false');
  const migrating = runMigrations(database.url);
  await until('the migration waits', isWaited, { everyMs: 1 });
  await request.query('UPDATE api_keys SET name = name WHERE false');
  await until('the migration waits again', isWaited, { everyMs: 1 });
  await writer.query('COMMIT');
  expect(await migrating).toEqual([MIGRATION]);
});
