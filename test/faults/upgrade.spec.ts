import { randomBytes } from 'node:crypto';
import pg from 'pg';
import supertest from 'supertest';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { MIGRATIONS } from '../../migrations/index.js';
import { digestOf, mintOpaqueKey } from '../../src/access/credentials/credential-format.js';
import { loadConfig } from '../../src/core/config/config.js';
import { createApp } from '../../src/configure-app.js';
import { pendingMigrations } from '../../src/core/database/migrate.js';
import { uuidV7 } from '../../src/core/database/uuid-v7.js';
import { migrateTo, oldDatabase, runSql } from '../support/old-database.js';
import { NumberAssignments } from '../../src/tenancy/whatsapp-numbers/number-assignments.service.js';
import { FAST_LANE } from '../support/fast-lane.js';
import { PATIENT } from '../support/patience.js';

/** A key as inserted after the first migration. Later migrations must fill the columns that they add. */
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

/** A WhatsApp number that an org registered itself, and a workflow, from before their creators were stored. */
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

/** A user in two orgs, a former member, and rows that refer to them, from before members had ids of their own. */
const STORE_MEMBERS = `
  WITH org AS (SELECT id FROM orgs ORDER BY id LIMIT 2),
  account AS (INSERT INTO users (id, email) VALUES (gen_random_uuid(), 'old@example.com') RETURNING id),
  former AS (SELECT gen_random_uuid() AS id),
  role AS (INSERT INTO roles (id, org_id, name) SELECT gen_random_uuid(), id, 'Owner' FROM org RETURNING id, org_id),
  team AS (INSERT INTO teams (id, org_id, name) SELECT gen_random_uuid(), id, 'Support' FROM org RETURNING id, org_id),
  member AS (
    INSERT INTO members (id, org_id, user_id, role_id, name)
    SELECT gen_random_uuid(), role.org_id, account.id, role.id, 'Old' FROM account, role RETURNING org_id, user_id
  ),
  creator AS (
    UPDATE api_keys SET created_by_type = 'user', created_by_id = member.user_id FROM member
    WHERE api_keys.org_id = member.org_id
  ),
  team_user AS (
    INSERT INTO team_users (org_id, team_id, user_id) SELECT org_id, team.id, user_id FROM member JOIN team USING (org_id)
  ),
  session AS (
    INSERT INTO chat_sessions (id, org_id, ticket_number, channel_type, assignee_id)
    SELECT gen_random_uuid(), org_id, 1, 'api', user_id FROM member RETURNING id, org_id, assignee_id
  )
  INSERT INTO chat_events (id, org_id, session_id, type, context)
  SELECT gen_random_uuid(), org_id, session.id, event.type, event.context
  FROM session, former, LATERAL (VALUES
    ('human_agent_joined', jsonb_build_object('user_id', assignee_id)),
    ('human_agent_joined', jsonb_build_object('user_id', upper(assignee_id::text))),
    ('human_agent_joined', jsonb_build_object('user_id', former.id)),
    ('message', jsonb_build_object('user_id', 'not an id'))
  ) event (type, context)`;

/** For each org: whether rows refer to the member's own id, and which ids its events contain. */
const NAMES_OF_MEMBERS = `
  SELECT members.user_id <> account_id AS is_own,
    (SELECT bool_and(user_id = members.user_id) FROM team_users WHERE org_id = members.org_id) AS teams_follow,
    (SELECT bool_and(created_by_id = members.user_id) FROM api_keys WHERE org_id = members.org_id) AS keys_follow,
    (SELECT bool_and(assignee_id = members.user_id) FROM chat_sessions WHERE org_id = members.org_id) AS sessions_follow,
    (SELECT array_agg(coalesce(ids.name, 'other') ORDER BY ids.name NULLS LAST)
      FROM chat_events LEFT JOIN (VALUES (members.user_id::text, 'own'), ('not an id', 'kept')) ids (id, name)
        ON context ->> 'user_id' = ids.id
      WHERE chat_events.org_id = members.org_id) AS events,
    (SELECT count(*)::int FROM chat_events WHERE upper(context ->> 'user_id') = upper(account_id::text)) AS leaks
  FROM members WHERE members.name = 'Old'`;

const NAMES = MIGRATIONS.map((Migration) => new Migration().name!);

/** Runs one migration after the other; each stores a key before the next. */
const growing = oldDatabase('growing');
/** Stays at the first migration until a server starts on it. */
const oldest = oldDatabase('oldest');
/** A key whose expiry is in a year with five digits, which the API used to accept. */
let farKey: string;
/** By the last migration that had run when the key was created. */
const keys = new Map<string, string>();
let app: NestFastifyApplication;

beforeAll(async () => {
  await runSql(inject('databaseAdminUrl'), `CREATE DATABASE ${growing.name}`);
  for (const [index, name] of NAMES.entries()) {
    await migrateTo(growing.url, index + 1);
    keys.set(name, await storeKey(growing.url, name));
    if (name === BEFORE_CLAIMS) {
      await runSql(growing.url, STORE_CLAIMS, [digestOf(keys.get(name)!), uuidV7(), uuidV7()]);
    }
    if (index === 0) farKey = await storeFarKey(growing.url);
    if (name.startsWith('Conversations')) await runSql(growing.url, STORE_MEMBERS);
    if (index === 0)
      await runSql(inject('databaseAdminUrl'), `CREATE DATABASE ${oldest.name} TEMPLATE ${growing.name}`);
  }
  app = await startOn(growing.url);
});
afterAll(() => app.close());

async function storeKey(url: string, name: string): Promise<string> {
  const key = mintOpaqueKey('ocx', 'live');
  await runSql(url, STORE_KEY, [...Array.from({ length: 4 }, () => uuidV7()), name, digestOf(key)]);
  return key;
}

async function storeFarKey(url: string): Promise<string> {
  const key = await storeKey(url, 'far');
  const of = '(SELECT key_id FROM key_credentials WHERE digest = $1)';
  await runSql(url, `UPDATE api_keys SET expires_at = '10000-01-01T04:59:59Z' WHERE id = ${of}`, [digestOf(key)]);
  return key;
}

async function startOn(url: string): Promise<NestFastifyApplication> {
  const ENCRYPTION_KEY = randomBytes(32).toString('base64');
  const settings = { DATABASE_URL: url, ENCRYPTION_KEY, LOG_LEVEL: 'silent', ...FAST_LANE, ...PATIENT };
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

test.for(NAMES)('a key from a database at migration %s works after the upgrade', (name) =>
  expectToWork(app, keys.get(name)!),
);

test('an expiry beyond year 9999 becomes the last instant of year 9999', async () => {
  const client = supertest.agent(await app.getUrl()).set('Authorization', `Bearer ${farKey}`);
  const { body } = await client.get('/whoami').expect(200);
  expect(body.expires_at).toBe('9999-12-31T23:59:59.999Z');
});

test('running jobs and registrations of an org continue after the upgrade', async () => {
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

test('a member of two orgs has a random id in each, which teams, keys, sessions and events use', async () => {
  const client = new pg.Client({ connectionString: growing.url });
  await client.connect();
  const query = (sql: string) => client.query(sql).then(({ rows }) => rows);
  const follows = { is_own: true, teams_follow: true, keys_follow: true, sessions_follow: true };
  try {
    const expected = { ...follows, events: ['kept', 'own', 'own', 'other'], leaks: 0 };
    expect(await query(NAMES_OF_MEMBERS)).toEqual([expected, expected]);
    const [ids] = await query(
      'SELECT count(DISTINCT user_id)::int, count(DISTINCT account_id)::int AS accounts FROM members',
    );
    expect(ids).toEqual({ count: 2, accounts: 1 });
    const former =
      "type = 'human_agent_joined' AND NOT EXISTS (SELECT FROM members WHERE user_id::text = context ->> 'user_id')";
    const [left] = await query(`SELECT count(DISTINCT context ->> 'user_id')::int FROM chat_events WHERE ${former}`);
    expect(left).toEqual({ count: 2 });
  } finally {
    await client.end();
  }
});

test('a server that starts on the oldest database migrates it, and its key works', async () => {
  const key = keys.get(NAMES[0]!)!;
  const upgraded = await startOn(oldest.url);
  try {
    expect(await pendingMigrations(oldest.url)).toEqual([]);
    await expectToWork(upgraded, key);
  } finally {
    await upgraded.close();
  }
});
