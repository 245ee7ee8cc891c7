import { randomBytes } from 'node:crypto';
import pg from 'pg';
import supertest from 'supertest';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MIGRATIONS } from '../../migrations/index.js';
import { digestOf, mintOpaqueKey } from '../../src/access/credential-format.js';
import { loadConfig } from '../../src/config/config.js';
import { createApp } from '../../src/configure-app.js';
import { pendingMigrations } from '../../src/database/migrate.js';
import { uuidV7 } from '../../src/database/uuid-v7.js';
import { NumberAssignments } from '../../src/whatsapp-numbers/number-assignments.service.js';

/** As the first migration has them; what later ones added has to find a value by itself. */
const STORE_KEY = `
  WITH partner AS (INSERT INTO partners (id, name) VALUES ($1, 'Partner ' || $5) RETURNING id),
  org AS (
    INSERT INTO orgs (id, partner_id, name, widget_token) SELECT $2, id, 'Acme Tours', '' FROM partner RETURNING id
  ),
  key AS (
    INSERT INTO api_keys (id, org_id, kind, name, masked_key, created_by_type, created_by_name)
    SELECT $3, id, 'bearer', 'Made then', '', 'operator', 'test' FROM org RETURNING id
  )
  INSERT INTO key_credentials (id, key_id, digest) SELECT $4, id, $6 FROM key`;

/** A number that an org had registered by itself, and a workflow that runs, as they were before who did it was kept. */
const STORE_CLAIMS = `
  WITH org AS (SELECT org_id FROM api_keys JOIN key_credentials ON key_id = api_keys.id WHERE digest = $1),
  number AS (
    INSERT INTO whatsapp_numbers (id, org_id, phone_number_id, display_phone_number, verified_name)
    SELECT $2, org_id, '555', '+49 30 1', 'Acme' FROM org
  ),
  workflow AS (
    INSERT INTO workflows (id, org_id, webhook_token, trigger_type, active_version)
    SELECT $3, org_id, 'token', 'webhook', 1 FROM org RETURNING org_id, id
  )
  INSERT INTO workflow_versions (org_id, workflow_id, version_number, name, trigger_type, workflow_blocks)
  SELECT org_id, id, 1, 'Triage', 'webhook', '[]' FROM workflow`;
const BEFORE_CLAIMS = 'AttachmentLinks1763800000040';

const NAMES = MIGRATIONS.map((Migration) => new Migration().name!);

/** Grows by one migration after the other; after each it is given a partner, an org and a key. */
const growing = newDatabase('growing');
/** Ends with the first migration, until a server starts on it. */
const oldest = newDatabase('oldest');
/** Of a key whose expiry has a year of five digits, as a client could give it then. */
let farKey: string;
/** By the last migration that there was when it was made. */
const keys = new Map<string, string>();
let app: NestFastifyApplication;

beforeAll(async () => {
  await run(inject('databaseAdminUrl'), `CREATE DATABASE ${growing.name}`);
  for (const [index, name] of NAMES.entries()) {
    await migrate(growing.url, index + 1);
    keys.set(name, await storeKey(growing.url, name));
    if (name === BEFORE_CLAIMS) {
      await run(growing.url, STORE_CLAIMS, [digestOf(keys.get(name)!), uuidV7(), uuidV7()]);
    }
    if (index === 0) farKey = await storeFarKey(growing.url);
    if (index === 0) await run(inject('databaseAdminUrl'), `CREATE DATABASE ${oldest.name} TEMPLATE ${growing.name}`);
  }
  app = await startOn(growing.url);
});
afterAll(() => app.close());

/** Of this run, so that it is dropped with the run's others. */
function newDatabase(what: string): { readonly name: string; readonly url: string } {
  const name = inject('databaseTemplate').replace(/template$/, `upgrade_${what}`);
  const url = new URL(inject('databaseAdminUrl'));
  url.pathname = `/${name}`;
  return { name, url: url.href };
}

async function migrate(url: string, migrationCount: number): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS.slice(0, migrationCount),
    migrationsTableName: 'migrations',
    installExtensions: false,
  });
  await dataSource.initialize();
  await dataSource.runMigrations({ transaction: 'each' });
  await dataSource.destroy();
}

async function storeKey(url: string, name: string): Promise<string> {
  const key = mintOpaqueKey('ocx', 'live');
  await run(url, STORE_KEY, [...Array.from({ length: 4 }, () => uuidV7()), name, digestOf(key)]);
  return key;
}

async function storeFarKey(url: string): Promise<string> {
  const key = await storeKey(url, 'far');
  const of = '(SELECT key_id FROM key_credentials WHERE digest = $1)';
  await run(url, `UPDATE api_keys SET expires_at = '10000-01-01T04:59:59Z' WHERE id = ${of}`, [digestOf(key)]);
  return key;
}

async function run(url: string, sql: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql, values).finally(() => client.end());
}

async function startOn(url: string): Promise<NestFastifyApplication> {
  const settings = { DATABASE_URL: url, ENCRYPTION_KEY: randomBytes(32).toString('base64'), LOG_LEVEL: 'silent' };
  const started = await createApp(loadConfig(settings));
  await started.listen(0, '127.0.0.1');
  return started;
}

async function expectToWork(server: NestFastifyApplication, key: string): Promise<void> {
  const client = supertest.agent(await server.getUrl()).set('Authorization', `Bearer ${key}`);
  await client.get('/whoami').expect(200);
  await client
    .post('/contacts')
    .send({ contact: { email: 'sam@example.com' } })
    .expect(201);
}

test.for(NAMES)('a key works that was made when %s was the last migration', (name) =>
  expectToWork(app, keys.get(name)!),
);

test('an expiry beyond year 9999 has become the last instant of year 9999', async () => {
  const client = supertest.agent(await app.getUrl()).set('Authorization', `Bearer ${farKey}`);
  const { body } = await client.get('/whoami').expect(200);
  expect(body.expires_at).toBe('9999-12-31T23:59:59.999Z');
});

test('what ran and what an org had registered goes on', async () => {
  const client = supertest.agent(await app.getUrl()).set('Authorization', `Bearer ${keys.get(BEFORE_CLAIMS)!}`);
  const { body: workflows } = await client.get('/workflows').expect(200);
  expect(workflows.items).toMatchObject([{ name: 'Triage', is_active: true, activated_by: null }]);
  const { body: numbers } = await client.get('/whatsapp/phone-numbers').expect(200);
  expect(numbers.items).toMatchObject([{ id: '555', verified_name: 'Acme' }]);
  const places = await app.get(NumberAssignments).places();
  const { body: who } = await client.get('/whoami').expect(200);
  expect(places).toEqual([
    expect.objectContaining({
      id: '555',
      org_id: who.org_id,
      partner_id: expect.any(String),
      business_account_id: null,
    }),
  ]);
});

test('a server that starts on the oldest database migrates it up, and its key works', async () => {
  const key = keys.get(NAMES[0]!)!;
  const upgraded = await startOn(oldest.url);
  try {
    expect(await pendingMigrations(oldest.url)).toEqual([]);
    await expectToWork(upgraded, key);
  } finally {
    await upgraded.close();
  }
});
