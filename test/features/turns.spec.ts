import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool } from '../support/open-pool.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

const CHANGES = 6;
/** Consecutive checks, because a single one may fall between two statements. */
const LOOKS = 10;
/** The number of sessions in a transaction, and how many of them wait for a lock. */
const WITHIN = `SELECT count(*)::int AS within, count(*) FILTER (WHERE wait_event_type = 'Lock')::int AS locked
  FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'gatehouse'
    AND (state = 'idle in transaction' OR wait_event_type = 'Lock')`;

let server: TestServer;
let org: TestOrg;
let keyId: string;
let orgKey: string;
let baseId: string;
let observer: pg.Pool;
beforeAll(async () => {
  server = await TestServer.start();
  org = await server.newOrg();
  keyId = (await server.newOrgKey(org)).id;
  orgKey = (await server.newOrgKey(org)).key;
  const made = await server.as(orgKey).post('/knowledge-bases').send({ name: 'Trips' }).expect(201);
  baseId = (made.body as { id: string }).id;
  // The first upload of an org inserts its row of totals.
  await server.as(orgKey).post(documents()).send(DOCUMENT).expect(201);
  // So does its counter of tickets with the first session.
  await server.as(orgKey).post('/chat/sessions').send({}).expect(201);
  observer = openPool(server.databaseUrl, 1);
});
afterAll(async () => {
  await observer.end();
  await server.close();
});

type Method = 'post' | 'delete';
const DOCUMENT = { title: 'Boats', content: 'Boats leave at nine.' };
const documents = () => `/knowledge-bases/${baseId}/documents`;
const ofOrg = (path: string) => `/partner/v1/orgs/${org.id}/${path}`;

test.each<[string, Method, () => string, object, () => string, (() => string)?]>([
  ['new orgs', 'post', () => '/partner/v1/orgs', { name: 'Acme' }, () => `partners WHERE id = '${org.partner.id}'`],
  ['new keys', 'post', () => ofOrg('api-keys'), {}, () => `orgs WHERE id = '${org.id}'`],
  ['revocations', 'delete', () => ofOrg(`api-keys/${keyId}`), {}, () => `api_keys WHERE id = '${keyId}'`],
  ['files and texts', 'post', documents, DOCUMENT, () => `org_storage WHERE org_id = '${org.id}'`, () => orgKey],
  [
    'chat sessions',
    'post',
    () => '/chat/sessions',
    {},
    () => `ticket_counters WHERE org_id = '${org.id}'`,
    () => orgKey,
  ],
  [
    'audit entries',
    'post',
    () => ofOrg('login-links'),
    { email: 'sam@example.com' },
    () => `audit_heads WHERE chain = '${org.id}'`,
  ],
])(
  'of many concurrent %s, one waits in the database for the row that all of them lock',
  async (_, method, path, body, row, key = () => org.partner.key) => {
    const blocker = await server.owner.connect();
    await blocker.query('BEGIN');
    await blocker.query(`SELECT FROM ${row()} FOR NO KEY UPDATE`);
    const calls = Array.from({ length: CHANGES }, () => server.as(key())[method](path()).send(body));
    const answers = Promise.all(calls);
    let seen = { within: 0, locked: 0 };
    let looks = 0;
    await until('all wait within their transactions', async () => {
      seen = (await observer.query(WITHIN)).rows[0];
      looks = seen.within === CHANGES && seen.locked > 0 ? looks + 1 : 0;
      return looks === LOOKS;
    }).finally(() => blocker.query('ROLLBACK'));
    blocker.release();
    expect(seen.locked).toBe(1);
    await answers;
  },
);
