import { randomBytes } from 'node:crypto';
import pg from 'pg';
import supertest from 'supertest';
import { DataSource } from 'typeorm';
import { beforeAll, expect, inject, test } from 'vitest';
import { MIGRATIONS } from '../../migrations/index.js';
import { digestOf, mintOpaqueKey } from '../../src/access/credential-format.js';
import { loadConfig } from '../../src/config/config.js';
import { createApp } from '../../src/configure-app.js';
import { pendingMigrations } from '../../src/database/migrate.js';
import { uuidV7 } from '../../src/database/uuid-v7.js';

/** As the first migration has them; what later ones added has to find a value by itself. */
const STORE_KEY = `
  WITH partner AS (INSERT INTO partners (id, name) VALUES ($1, 'Demo Partner') RETURNING id),
  org AS (
    INSERT INTO orgs (id, partner_id, name, widget_token) SELECT $2, id, 'Acme Tours', '' FROM partner RETURNING id
  ),
  key AS (
    INSERT INTO api_keys (id, org_id, kind, name, masked_key, created_by_type, created_by_name)
    SELECT $3, id, 'bearer', 'Made then', '', 'operator', 'test' FROM org RETURNING id
  )
  INSERT INTO key_credentials (id, key_id, digest) SELECT $4, id, $5 FROM key`;

interface OldDatabase {
  readonly url: string;
  /** An opaque key that was made then. */
  readonly key: string;
}

/** Grows by one migration after the other: each database starts as a copy of it, for copying is quicker than migrating. */
const growing = nameOf('growing');
beforeAll(() => run(inject('databaseAdminUrl'), `CREATE DATABASE ${growing}`));

/** A database as it was when only the first so many migrations existed; asked for in their order. */
async function databaseOf(migrationCount: number): Promise<OldDatabase> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: urlOf(growing),
    migrations: MIGRATIONS.slice(0, migrationCount),
    migrationsTableName: 'migrations',
    installExtensions: false,
  });
  await dataSource.initialize();
  await dataSource.runMigrations({ transaction: 'each' });
  await dataSource.destroy();
  const name = nameOf(String(migrationCount));
  await run(inject('databaseAdminUrl'), `CREATE DATABASE ${name} TEMPLATE ${growing}`);
  const key = mintOpaqueKey('ocx', 'live');
  await run(urlOf(name), STORE_KEY, [...Array.from({ length: 4 }, () => uuidV7()), digestOf(key)]);
  return { url: urlOf(name), key };
}

/** Of this run, so that it is dropped with the run's others. */
function nameOf(what: string): string {
  return inject('databaseTemplate').replace(/template$/, `upgrade_${what}`);
}

function urlOf(name: string): string {
  const url = new URL(inject('databaseAdminUrl'));
  url.pathname = `/${name}`;
  return url.href;
}

async function run(url: string, sql: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql, values).finally(() => client.end());
}

const STEPS = MIGRATIONS.map((Migration, at) => [new Migration().name!, at + 1] as const);

test.for(STEPS)('a database that ended with %s migrates up when a server starts, and its keys work', async (step) => {
  const { url, key } = await databaseOf(step[1]);
  const settings = { DATABASE_URL: url, ENCRYPTION_KEY: randomBytes(32).toString('base64'), LOG_LEVEL: 'silent' };
  const app = await createApp(loadConfig(settings));
  try {
    await app.listen(0, '127.0.0.1');
    expect(await pendingMigrations(url)).toEqual([]);
    const client = supertest.agent(await app.getUrl()).set('Authorization', `Bearer ${key}`);
    await client.get('/whoami').expect(200);
    await client
      .post('/contacts')
      .send({ contact: { email: 'sam@example.com' } })
      .expect(201);
  } finally {
    await app.close();
  }
});
