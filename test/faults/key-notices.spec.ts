import { afterAll, beforeAll, expect, test } from 'vitest';
import { KEY_NOTICES } from '../../src/insight/key-notices/key-notices.service.js';
import { Installation } from '../support/installation.js';
import { MailServer } from '../support/mail-server.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const KEYS = 3_000;
/** Clocks change on different days there. The instants of notices are the same. */
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];

let installation: Installation;
let mails: MailServer;
beforeAll(async () => {
  [installation, mails] = await Promise.all([Installation.create(), MailServer.start()]);
});
afterAll(async () => {
  await installation.close();
  await mails.stop();
});

const startServers = () =>
  Promise.all(
    ZONES.map((TZ) => installation.startServer({ TZ, SMTP_URL: mails.url, DASHBOARD_URL: 'https://keys.example' })),
  );

async function addOwner(orgId: string, email: string): Promise<void> {
  await installation.database.query(
    `WITH account AS (INSERT INTO users (id, email) VALUES (gen_random_uuid(), $2) RETURNING id)
     INSERT INTO members (id, org_id, user_id, account_id, role_id, name)
     SELECT gen_random_uuid(), $1, gen_random_uuid(), account.id, roles.id, 'Olivia' FROM account, roles
     WHERE roles.org_id = $1 AND roles.name = 'Owner'`,
    [orgId, email],
  );
}

/** Stores keys whose notices are due within seconds: one key for each number of days. */
async function addKeys(orgId: string, days: readonly number[]): Promise<void> {
  await installation.database.query(
    `INSERT INTO api_keys (id, org_id, kind, name, masked_key, created_by_type, created_by_name, expires_at)
     SELECT gen_random_uuid(), $1, 'bearer', 'Key', '', 'operator', 'test',
       now() + days * interval '24 hours' + interval '3 seconds' FROM unnest($2::int[]) days`,
    [orgId, days],
  );
}

/** Repeated, because a starting server resets the schedule to its declaration. */
const runEachMinute = () =>
  installation.database.query(`UPDATE pgboss.schedule SET cron = '* * * * *' WHERE name = $1`, [KEY_NOTICES.name]);

async function events(): Promise<Record<string, number>> {
  const { rows } = await installation.database.query<{ event: string; count: number }>(
    `SELECT org_id || ' ' || action || coalesce(' ' || (changes #>> '{days_left,after}'), '') AS event, count(*)::int
     FROM audit_entries WHERE action IN ('api_key.expiring', 'api_key.expired') GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ event, count }) => [event, count]));
}
const total = async () => Object.values(await events()).reduce((sum, count) => sum + count, 0);

test('three processes that are killed on the way announce each key once', async () => {
  const first = await startServers();
  const [many, few] = [await installation.newOrg(first[0]!), await installation.newOrg(first[0]!)];
  await addOwner(many, 'many@owners.example');
  await addOwner(few, 'few@owners.example');
  await addKeys(many, Array<number>(KEYS).fill(30));
  await addKeys(few, [30, 14, 7, 1, 0]);

  await until('the first keys are announced', async () => (await runEachMinute(), (await total()) > 0), {
    everyMs: 20,
  });
  await Promise.all(first.map((server) => server.kill()));
  const second: ServerProcess[] = await startServers();
  const isDone = async () => {
    await runEachMinute();
    return (await total()) >= KEYS + 5 && mails.received.length >= 2;
  };
  await until('all keys are announced', isDone, { everyMs: 500 });
  expect(await events()).toEqual({
    [`${many} api_key.expiring 30`]: KEYS,
    [`${few} api_key.expiring 30`]: 1,
    [`${few} api_key.expiring 14`]: 1,
    [`${few} api_key.expiring 7`]: 1,
    [`${few} api_key.expiring 1`]: 1,
    [`${few} api_key.expired`]: 1,
  });
  // A crash may repeat a message under way, with the same Message-ID.
  const messages = new Map(
    mails.received.map(({ to, headers }) => [headers['message-id'], `${to}: ${headers['subject']}`]),
  );
  expect([...messages.values()].toSorted()).toEqual([
    'few@owners.example: API keys of Acme Tours: 1 key expires within 1 day, and 3 more',
    'many@owners.example: API keys of Acme Tours: 50 keys expire within 30 days, and 2,950 more',
  ]);
  expect(await installation.brokenAuditChains()).toMatchObject({ broken: [] });
  await Promise.all(second.map((server) => server.stop()));
  expect(second.flatMap((server) => server.complaints)).toEqual([]);
});
