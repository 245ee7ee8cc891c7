import { beforeAll, expect, test } from 'vitest';
import { Jobs } from '../../src/core/jobs/jobs.service.js';
import { ALL_RETENTION_RULES } from '../../src/retention-rules.js';
import { RETENTION } from '../../src/kit/retention/retention.service.js';
import { Usage } from '../../src/kit/usage/usage.service.js';
import { SqlCount } from '../support/sql-count.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

const OVER = 2_500;
const YOUNG = 20;

const server = TestServer.forSuite();
let org: TestOrg;
let memberId: string;
let roleId: string;
let keyId: string;
beforeAll(async () => {
  org = await server.newOrg();
  await server.newSession(org);
  // Flush the usage of these requests now, not during a test.
  await server.app.get(Usage).flush();
  keyId = (await server.newOrgKey(org)).id;
  const { rows } = await server.database.pool.query('SELECT id, role_id FROM members');
  [{ id: memberId, role_id: roleId }] = rows;
});

/** SQL that inserts $1 rows with an age of $2 hours, and ages on both sides of the limit. */
const ROWS: Readonly<Record<string, { sql: (ids: Ids) => string; overHours: number; youngHours: number }>> = {
  key_usage: {
    sql: ({ orgId }) => `INSERT INTO key_usage (key_id, hour, org_id, requests, refused, last_used_at)
      SELECT gen_random_uuid(), at, '${orgId}', 1, 0, at FROM rows`,
    overHours: 400 * 24 + 1,
    youngHours: 400 * 24 - 1,
  },
  key_refusals: {
    sql: ({ orgId }) => `INSERT INTO key_refusals (key_id, hour, reason, org_id, requests)
      SELECT gen_random_uuid(), at, 'rate_limited', '${orgId}', 1 FROM rows`,
    overHours: 400 * 24 + 1,
    youngHours: 400 * 24 - 1,
  },
  key_scope_uses: {
    sql: ({ orgId }) => `INSERT INTO key_scope_uses (key_id, day, scope, org_id, uses, last_used_at)
      SELECT gen_random_uuid(), at::date, 'tags:read', '${orgId}', 1, at FROM rows`,
    overHours: 401 * 24 + 1,
    youngHours: 399 * 24,
  },
  credential_uses: {
    sql: () => `INSERT INTO credential_uses (credential_id, key_id, at)
      SELECT gen_random_uuid(), gen_random_uuid(), at FROM rows`,
    overHours: 400 * 24 + 1,
    youngHours: 400 * 24 - 1,
  },
  usage_flushes: {
    sql: () => 'INSERT INTO usage_flushes (instance, sequence, flushed_at) SELECT gen_random_uuid(), 1, at FROM rows',
    overHours: 7 * 24 + 1,
    youngHours: 7 * 24 - 1,
  },
  login_links: {
    sql: ({ orgId }) => `INSERT INTO login_links (digest, org_id, email, name, expires_at)
      SELECT gen_random_uuid(), '${orgId}', 'sam@example.com', 'Sam', at FROM rows`,
    overHours: 0.01,
    youngHours: -0.25,
  },
  sessions: {
    sql: (ids) => `INSERT INTO sessions (id, digest, member_id, role_id, last_seen_at, expires_at)
      SELECT gen_random_uuid(), gen_random_uuid(), '${ids.memberId}', '${ids.roleId}', now(), at FROM rows`,
    overHours: 0.01,
    youngHours: -24,
  },
  events: {
    sql: ({ orgId, keyId }) => `INSERT INTO events (id, org_id, api_key_id, type, event, occurred_at, created_at)
      SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || rpad('70008', 20, '0'))::uuid,
        '${orgId}', '${keyId}', 'client', 'opened', at, at FROM rows`,
    overHours: 400 * 24 + 1,
    youngHours: 400 * 24 - 1,
  },
  workflow_runs: {
    sql: ({ orgId }) => `,
      flow AS (INSERT INTO workflows (org_id, id, webhook_token, trigger_type)
        SELECT '${orgId}', gen_random_uuid(), gen_random_uuid(), 'webhook' RETURNING id),
      version AS (INSERT INTO workflow_versions
          (org_id, id, workflow_id, version_number, name, trigger_type, workflow_blocks)
        SELECT '${orgId}', (SELECT coalesce(max(id), 0) + 1 FROM workflow_versions), id, 1, 'Triage', 'webhook', '[]'
        FROM flow RETURNING id, workflow_id)
      INSERT INTO workflow_runs (org_id, id, workflow_uuid, version_id, trigger_cause, trigger, run_ended_at)
        SELECT '${orgId}', gen_random_uuid(), workflow_id, version.id, 'manual', '{}', at FROM rows, version`,
    overHours: 24 * 90.1,
    youngHours: 24 * 89.9,
  },
  webhook_deliveries: {
    sql: ({ orgId }) => `,
      endpoint AS (INSERT INTO webhook_endpoints (org_id, owner_id, id, url, events, secret)
        SELECT '${orgId}', '${orgId}', gen_random_uuid(), 'https://hooks.example/', '{}', '' RETURNING id)
      INSERT INTO webhook_deliveries (org_id, id, endpoint_id, type, subject, status, give_up_at, ended_at)
        SELECT '${orgId}', gen_random_uuid(), endpoint.id, 'conversation.started', '{}', 'delivered', at, at
        FROM rows, endpoint`,
    overHours: 24 * 30.1,
    youngHours: 24 * 29.9,
  },
  idempotency_records: {
    sql: () => `INSERT INTO idempotency_records (id, body_digest, answer, created_at)
      SELECT gen_random_uuid(), '', '', at FROM rows`,
    overHours: 25.1,
    youngHours: 24,
  },
  mail_messages: {
    sql: ({ orgId }) => `INSERT INTO mail_messages
      (id, org_id, from_email, sender_name, to_email, subject, is_transactional, status, ended_at)
      SELECT gen_random_uuid(), '${orgId}', '', '', '', '', true, 'sent', at FROM rows`,
    overHours: 30 * 24 + 1,
    youngHours: 30 * 24 - 1,
  },
  whatsapp_messages: {
    sql: ({ orgId }) => `,
      session AS (INSERT INTO chat_sessions (org_id, id, ticket_number, channel_type)
        SELECT '${orgId}', gen_random_uuid(), -floor(random() * 1e9)::integer, 'whatsapp' RETURNING id),
      event AS (INSERT INTO chat_events (org_id, id, session_id, type)
        SELECT '${orgId}', gen_random_uuid(), id, 'message' FROM session RETURNING id)
      INSERT INTO whatsapp_messages (org_id, id, event_id, phone_number_id, status, ended_at)
        SELECT '${orgId}', gen_random_uuid(), event.id, '1', 'sent', at FROM rows, event`,
    overHours: 30 * 24 + 1,
    youngHours: 30 * 24 - 1,
  },
  mail_bodies: {
    sql: ({ orgId }) => `INSERT INTO mail_bodies (id, org_id, html, created_at)
      SELECT gen_random_uuid(), '${orgId}', '', at FROM rows`,
    overHours: 1.1,
    youngHours: 0.5,
  },
};

interface Ids {
  readonly orgId: string;
  readonly memberId: string;
  readonly roleId: string;
  readonly keyId: string;
}

async function makeRows(table: string, count: number, hours: number): Promise<void> {
  const rows = `WITH rows AS (SELECT now() - make_interval(secs => $2::float8 * 3600) - n * interval '1 ms' AS at
    FROM generate_series(1, $1::int) n)`;
  const { sql } = ROWS[table]!;
  await server.database.pool.query(`${rows} ${sql({ orgId: org.id, memberId, roleId, keyId })}`, [count, hours]);
}

async function counts(): Promise<Record<string, number>> {
  const tables = Object.keys(ROWS).map((table) => `SELECT '${table}' AS name, count(*)::int FROM ${table}`);
  const { rows } = await server.database.pool.query(tables.join(' UNION ALL '));
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

/** The number of expired rows. */
async function isOver(table: string): Promise<number> {
  const { isOver: condition } = ALL_RETENTION_RULES.find((rule) => rule.table === table)!;
  const { rows } = await server.database.pool.query(`SELECT count(*)::int FROM ${table} WHERE ${condition}`);
  return rows[0].count;
}

async function clean(): Promise<void> {
  const done = async () => {
    const sql = `SELECT count(*)::int FROM pgboss.job WHERE name = $1 AND state = 'completed'`;
    return (await server.database.pool.query(sql, [RETENTION.name])).rows[0].count as number;
  };
  const before = await done();
  await server.app.get(Jobs).enqueueScheduled(server.database.dataSource.manager, RETENTION);
  await until('a run has ended', async () => (await done()) > before);
}

test('expired rows are deleted in batches, and younger rows are kept', async () => {
  const kept = await counts();
  for (const [table, { overHours, youngHours }] of Object.entries(ROWS)) {
    await makeRows(table, OVER, overHours);
    await makeRows(table, YOUNG, youngHours);
    kept[table]! += YOUNG;
  }
  const statements = SqlCount.start();
  const sent = await statements.during(clean);
  statements.stop();
  expect(await counts()).toEqual(kept);
  const counted = Object.keys(ROWS);
  const deletes = counted.map((table) => sent.filter((text) => text.startsWith(`DELETE FROM ${table} `)).length);
  // Batches of 1,000 rows. The last, smaller batch ends the run.
  expect(deletes).toEqual(counted.map(() => 3));

  await clean();
  expect(await counts()).toEqual(kept);
});

test('every retention rule has an index that finds expired rows', async () => {
  const scans: string[] = [];
  const client = await server.database.pool.connect();
  try {
    await client.query('SET enable_seqscan = off');
    for (const { table, isOver } of ALL_RETENTION_RULES.filter((rule) => rule.table !== 'usage_flushes')) {
      const plan = await client.query(`EXPLAIN SELECT ctid FROM ${table} WHERE ${isOver} LIMIT 1000 FOR UPDATE`);
      const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
      if (!/Index (Only )?Cond|Bitmap/.test(text)) scans.push(`${table}: ${text}`);
    }
  } finally {
    // Discard the connection with its setting.
    client.release(true);
  }
  expect(scans).toEqual([]);
});

test('locked rows do not block a run', async () => {
  await makeRows('login_links', 1, 0.01);
  await makeRows('idempotency_records', 1, 30);
  const client = await server.database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT FROM login_links WHERE expires_at < now() FOR UPDATE');
    await clean();
    const { rows } = await server.database.pool.query('SELECT count(*)::int FROM login_links WHERE expires_at < now()');
    expect(rows[0].count).toBe(1);
  } finally {
    // Discard the connection with its transaction.
    client.release(true);
  }
  await clean();
  expect(await isOver('idempotency_records')).toBe(0);
});

test('a mail body stays while a message needs it, and is deleted after the last one', async () => {
  const body = `WITH body AS (INSERT INTO mail_bodies (id, org_id, html, created_at)
    SELECT gen_random_uuid(), $1, '', now() - interval '2 hours' RETURNING id, org_id)`;
  const message = `INSERT INTO mail_messages
    (id, org_id, body_id, from_email, sender_name, to_email, subject, is_transactional, status)
    SELECT gen_random_uuid(), org_id, id, '', '', '', '', true, 'queued' FROM body RETURNING body_id`;
  const { rows } = await server.database.pool.query(`${body} ${message}`, [org.id]);
  const needed = async () =>
    (await server.database.pool.query('SELECT FROM mail_bodies WHERE id = $1', [rows[0].body_id])).rowCount;
  await makeRows('mail_bodies', 1, 2);
  await clean();
  expect([await needed(), await isOver('mail_bodies')]).toEqual([1, 0]);
  await server.database.pool.query('UPDATE mail_messages SET body_id = NULL WHERE body_id = $1', [rows[0].body_id]);
  await clean();
  expect(await needed()).toBe(0);
});

test('a failing table does not block the retention of others', async () => {
  await makeRows('idempotency_records', OVER, 30);
  await server.owner.query('ALTER TABLE sessions RENAME TO sessions_elsewhere');
  try {
    await server.app.get(Jobs).enqueueScheduled(server.database.dataSource.manager, RETENTION);
    await until('the others are cleaned up', async () => (await isOver('idempotency_records')) === 0);
  } finally {
    await server.owner.query('ALTER TABLE sessions_elsewhere RENAME TO sessions');
  }
});
