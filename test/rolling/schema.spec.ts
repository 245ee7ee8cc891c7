import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MIGRATIONS } from '../../migrations/index.js';
import { numberOf, readSeal } from '../structure/support/sealed-migrations.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';
import { migrateTo } from '../support/old-database.js';
import { openPool } from '../support/open-pool.js';
import { blockingBetween, breaksBetween } from './support/breaks.js';
import { type Catalogue, readCatalogue } from './support/catalogue.js';
import { DECLARED } from './support/declared-breaks.js';

const RELEASED = Object.keys(readSeal().files).filter((name) => numberOf(name) !== undefined).length;
const { version } = JSON.parse(readFileSync('test/rolling/last-release.json', 'utf8')) as { version: string };

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createEmptyDatabase();
  // One session, in which a test rolls back.
  pool = openPool(database.url, 1);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const catalogue = () => read((client) => readCatalogue(client));

async function read<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  return work(client).finally(() => client.release());
}

describe('the migrations since the last release', () => {
  const found: string[] = [];
  let released: Catalogue;
  beforeAll(async () => {
    await migrateTo(database.url, RELEASED);
    released = await catalogue();
    let before = released;
    for (const [at, Migration] of [...MIGRATIONS.entries()].slice(RELEASED)) {
      await migrateTo(database.url, at + 1);
      const after = await catalogue();
      const { name, transaction } = new Migration();
      const blocking = blockingBetween(released, before, after, transaction !== false);
      found.push(...blocking.map((what) => `${name} ${what}`));
      before = after;
    }
    found.push(...breaksBetween(released, before));
  });

  test('keep what its servers use, and keep no request waiting', () => {
    const declared = new Set(DECLARED.map(({ change }) => change));
    expect(found.filter((change) => !declared.has(change))).toEqual([]);
  });

  test('contain each declared change', () => {
    expect(DECLARED.filter(({ change }) => !found.includes(change))).toEqual([]);
  });

  test('take away only what the last release has stopped using', () => {
    const isNewer = (release: string) => release.localeCompare(version, 'en', { numeric: true }) > 0;
    const contractions = DECLARED.filter(({ change }) => change.endsWith(' is gone'));
    expect(contractions.filter(({ unusedSince }) => unusedSince === undefined || isNewer(unusedSince))).toEqual([]);
  });
});

describe('the comparison of schemas', () => {
  const MADE = `
    CREATE SCHEMA made; SET LOCAL search_path = made;
    CREATE TABLE boats (id uuid PRIMARY KEY, name text, berth text NOT NULL DEFAULT 'A', length integer);
    CREATE UNIQUE INDEX boats_name ON boats (name) WHERE length > 5;
    CREATE TABLE trips (boat_id uuid, day date);
    CREATE VIEW fleet AS SELECT name FROM boats;
    CREATE FUNCTION launch(boat uuid) RETURNS void LANGUAGE sql AS 'SELECT';`;

  /** In a transaction that is rolled back. */
  async function breaksOf(change: string): Promise<string[]> {
    return read(async (client) => {
      await client.query(`BEGIN; ${MADE}`);
      try {
        const before = await readCatalogue(client);
        await client.query(change);
        const after = await readCatalogue(client);
        return [...breaksBetween(before, after), ...blockingBetween(before, before, after, true)];
      } finally {
        await client.query('ROLLBACK');
      }
    });
  }

  test.each<[string, string[]]>([
    ['DROP TABLE trips', ['trips is gone']],
    ['DROP VIEW fleet', ['fleet is gone']],
    ['ALTER TABLE trips RENAME TO journeys', ['trips is gone']],
    ['ALTER TABLE trips DROP day', ['trips.day is gone']],
    ['ALTER TABLE boats RENAME berth TO place', ['boats.berth is gone']],
    ['DROP FUNCTION launch', ['launch(uuid) is gone']],
    ['DROP INDEX boats_name', ['the key boats btree (name) WHERE (length > 5) is gone']],
    [
      'ALTER TABLE trips ALTER day TYPE timestamptz',
      ['trips.day is timestamp with time zone, and was date', 'rewrites trips'],
    ],
    ['ALTER TABLE trips ALTER day SET NOT NULL', ['trips.day becomes NOT NULL']],
    ['ALTER TABLE boats ALTER berth DROP DEFAULT', ['boats.berth loses its default']],
    ['ALTER TABLE trips ADD captain text NOT NULL', ['trips.captain is NOT NULL without a default']],
    [`ALTER TABLE boats ADD CONSTRAINT long CHECK (length > 1) NOT VALID`, ['boats.long is a new rule']],
    [
      'ALTER TABLE trips ADD CONSTRAINT trips_boat_fk FOREIGN KEY (boat_id) REFERENCES boats',
      ['trips.trips_boat_fk is a new rule'],
    ],
    [
      'CREATE UNIQUE INDEX trips_day ON trips (day)',
      ['trips btree (day) is a new key', 'creates trips_day without CONCURRENTLY'],
    ],
    ['CREATE INDEX trips_day ON trips (day)', ['creates trips_day without CONCURRENTLY']],
    [`ALTER TABLE trips ADD made_at timestamptz NOT NULL DEFAULT clock_timestamp()`, ['rewrites trips']],
  ])('finds %s', async (change, sentences) => {
    expect(await breaksOf(change)).toEqual(sentences);
  });

  test.each([
    `ALTER TABLE trips ADD captain text, ADD seats integer NOT NULL DEFAULT 4`,
    `ALTER TABLE trips ADD captain text CONSTRAINT trips_captain CHECK (captain <> '')`,
    "CREATE TABLE ports (id uuid PRIMARY KEY, name text NOT NULL CHECK (name <> '') UNIQUE)",
    "ALTER TABLE boats ALTER berth DROP NOT NULL, ALTER name SET DEFAULT 'Boat'",
    'DROP INDEX boats_name; CREATE UNIQUE INDEX boats_name_long ON boats (name) WHERE length > 5',
    `ALTER TABLE trips RENAME TO trips_1;
     CREATE TABLE trips (boat_id uuid, day date) PARTITION BY RANGE (day);
     ALTER TABLE trips ATTACH PARTITION trips_1 DEFAULT`,
  ])('allows %s', async (change) => {
    expect((await breaksOf(change)).filter((sentence) => !sentence.startsWith('creates'))).toEqual([]);
  });
});
