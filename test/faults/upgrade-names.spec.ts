import { beforeAll, expect, inject, test } from 'vitest';
import { MIGRATIONS } from '../../migrations/index.js';
import { checkAddresses } from '../../src/programs/cli/stored-addresses.js';
import { migrateTo, oldDatabase, runSql } from '../support/old-database.js';
import pg from 'pg';

const BEFORE = MIGRATIONS.findIndex((Migration) => new Migration().name === 'CanonicalAddresses1763800000060');
/** More than one batch of the migration. */
const LEADS = 1_500;
const ORG = '01a00000-0000-7000-8000-000000000001';
const id = (number: number) => `01a00000-0000-7000-8000-${String(number).padStart(12, '0')}`;

const STEPS = [
  {
    action: {
      type: 'send_emails',
      data: {
        from_email: 'Hello@München.example',
        email_subject: 'Hi',
        email_body: 'Hi',
        email_sender_name: 'Acme',
        email_is_transactional: false,
      },
    },
    delay_in_minutes: 0,
    started_at: null,
    ended_at: null,
  },
];
const FILTER = {
  or: [{ and: [{ type: 'contacts_email_domain_name_in', domain_name_in: ['München.example', 'nowhere'] }] }],
};

const { name, url } = oldDatabase('names');
const query = (sql: string, values?: unknown[]) => runSql(url, sql, values);

beforeAll(async () => {
  await runSql(inject('databaseAdminUrl'), `CREATE DATABASE ${name}`);
  await migrateTo(url, BEFORE);
  await query(`
    INSERT INTO partners (id, name) VALUES ('${id(9)}', 'Partner');
    INSERT INTO orgs (id, partner_id, name, widget_token) VALUES ('${ORG}', '${id(9)}', 'Acme Tours', '');
    INSERT INTO users (id, email) VALUES
      ('${id(1)}', 'sam@münchen.example'), ('${id(2)}', 'kim@münchen.example'), ('${id(3)}', 'kim@xn--mnchen-3ya.example');
    INSERT INTO contacts (org_id, id, email, unsubscribed_at) VALUES
      ('${ORG}', '${id(1)}', 'sam@münchen.example', NULL),
      ('${ORG}', '${id(2)}', 'kim@münchen.example', '2026-01-01T00:00:00Z'),
      ('${ORG}', '${id(3)}', 'kim@xn--mnchen-3ya.example', NULL);
    INSERT INTO contacts (org_id, id, phone_number, non_verified_email) VALUES
      ('${ORG}', '${id(4)}', '+4930123456', 'sam@münchen.example');
    INSERT INTO blocked_contacts (org_id, id, contact_id, reason) VALUES ('${ORG}', '${id(1)}', '${id(2)}', 'Spam');
    INSERT INTO leads (org_id, id, name, email)
      SELECT '${ORG}', gen_random_uuid(), 'Sam', 'sam' || n || '@münchen.example' FROM generate_series(1, ${LEADS}) n;
    INSERT INTO tags (org_id, id, tag_name) VALUES
      ('${ORG}', '${id(1)}', E'Cafe\\u0301'), ('${ORG}', '${id(2)}', 'Café'), ('${ORG}', '${id(3)}', ' Bar '),
      ('${ORG}', '${id(4)}', '  ');
    INSERT INTO chat_sessions (org_id, id, ticket_number, channel_type)
      VALUES ('${ORG}', '${id(1)}', 1, 'web'), ('${ORG}', '${id(2)}', 2, 'web');
    INSERT INTO chat_session_tags (org_id, session_id, tag_id) VALUES
      ('${ORG}', '${id(1)}', '${id(1)}'), ('${ORG}', '${id(1)}', '${id(2)}'), ('${ORG}', '${id(2)}', '${id(1)}');`);
  await query(
    `INSERT INTO sequences (org_id, id, name, is_continuous, filter, steps) VALUES ('${ORG}', '${id(1)}', 'S', true, $1, $2)`,
    [JSON.stringify(FILTER), JSON.stringify(STEPS)],
  );
  await migrateTo(url, MIGRATIONS.length);
});

test('stored addresses become canonical, unless the canonical spelling exists', async () => {
  expect(await query('SELECT id, email FROM users ORDER BY id')).toEqual([
    { id: id(1), email: 'sam@xn--mnchen-3ya.example' },
    { id: id(2), email: 'kim@münchen.example' },
    { id: id(3), email: 'kim@xn--mnchen-3ya.example' },
  ]);
  expect(await query('SELECT id, email, non_verified_email FROM contacts ORDER BY id')).toEqual([
    { id: id(1), email: 'sam@xn--mnchen-3ya.example', non_verified_email: null },
    { id: id(2), email: 'kim@münchen.example', non_verified_email: null },
    { id: id(3), email: 'kim@xn--mnchen-3ya.example', non_verified_email: null },
    { id: id(4), email: null, non_verified_email: 'sam@xn--mnchen-3ya.example' },
  ]);
});

test('rows of every batch are updated', async () => {
  const sql = `SELECT count(*)::int AS count FROM leads WHERE email LIKE '%@xn--mnchen-3ya.example'`;
  expect(await query(sql)).toEqual([{ count: LEADS }]);
});

test('a contact with the same canonical address is also unsubscribed and blocked', async () => {
  const sql = `SELECT unsubscribed_at, reason FROM contacts JOIN blocked_contacts USING (org_id, email)
    WHERE contacts.id = '${id(3)}'`;
  expect(await query(sql)).toEqual([{ unsubscribed_at: new Date('2026-01-01T00:00:00Z'), reason: 'Spam' }]);
});

test('filters and steps of sequences have canonical domains and senders', async () => {
  const [sequence] = await query('SELECT filter, steps FROM sequences');
  expect(sequence).toMatchObject({
    filter: { or: [{ and: [{ domain_name_in: ['xn--mnchen-3ya.example', 'nowhere'] }] }] },
    steps: [{ action: { data: { from_email: 'hello@xn--mnchen-3ya.example', email_subject: 'Hi' } } }],
  });
});

test('tags are trimmed and NFC, and merged tags keep the sessions of both', async () => {
  expect(await query('SELECT id, tag_name FROM tags ORDER BY id')).toEqual([
    { id: id(2), tag_name: 'Café' },
    { id: id(3), tag_name: 'Bar' },
    { id: id(4), tag_name: '  ' },
  ]);
  expect(await query('SELECT session_id, tag_id FROM chat_session_tags ORDER BY 1')).toEqual([
    { session_id: id(1), tag_id: id(2) },
    { session_id: id(2), tag_id: id(2) },
  ]);
});

test('gatehouse doctor lists the remaining addresses', async () => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const look = checkAddresses({ client }).finally(() => client.end());
  await expect(look).rejects.toThrow(
    `kim@münchen.example (users.email, id ${id(2)}; canonical: kim@xn--mnchen-3ya.example), ` +
      `kim@münchen.example (contacts.email, org_id ${ORG}; canonical: kim@xn--mnchen-3ya.example)`,
  );
});
