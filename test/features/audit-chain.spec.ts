import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { OPERATOR } from '../../src/audit/actor.js';
import { AuditChains } from '../../src/audit/audit-chains.js';
import { brokenChains } from '../../src/audit/chain-verification.js';
import { beforeCommit, inTransaction } from '../../src/database/transaction.js';
import { SqlCount } from '../support/sql-count.js';
import { TestServer } from '../support/start-app.js';

let server: TestServer;
/** Four entries each: the org, and three keys of it. */
let orgId: string;
let otherOrgId: string;

beforeAll(async () => {
  server = await TestServer.start();
  [orgId, otherOrgId] = [await newAuditedOrg(), await newAuditedOrg()];
});
afterAll(() => server.close());

async function newAuditedOrg(): Promise<string> {
  const org = await server.newOrg();
  for (let key = 0; key < 3; key++) await server.newOrgKey(org);
  return org.id;
}

/** As the owner, whom only the trigger stops. */
const sql = (text: string, values: unknown[] = []) => server.owner.query(text, values);
const verified = async () => (await brokenChains(server.database.dataSource)).broken;

test('what was written verifies, each chain with all its entries', async () => {
  const { rows } = await sql(
    'SELECT count(*)::int AS entries, count(DISTINCT chain)::int AS chains FROM audit_entries',
  );
  expect(await brokenChains(server.database.dataSource)).toEqual({ ...rows[0], broken: [] });
});

test.each([
  `UPDATE audit_entries SET actor_name = 'Somebody else'`,
  'DELETE FROM audit_entries',
  'TRUNCATE audit_entries',
  `SET LOCAL session_replication_role = replica; UPDATE audit_entries SET actor_name = 'Somebody else'`,
])('the database itself refuses: %s', async (statement) => {
  await expect(sql(statement)).rejects.toThrow('audit entries are append-only');
  expect(await verified()).toEqual([]);
});

const recordOf = (chain: string) => ({
  action: 'org.updated',
  orgId: chain,
  target: { type: 'org', id: chain, name: 'Acme Tours' },
});

test('a chain is locked last: all else is written before it, and one statement is between it and COMMIT', async () => {
  const { partner } = await server.newOrg();
  const count = SqlCount.start();
  const sent = await count.during(() =>
    server
      .as(partner.key)
      .post('/partner/v1/orgs')
      .set('Idempotency-Key', randomUUID())
      .send({ name: 'Acme' })
      .expect(201),
  );
  count.stop();
  const commit = sent.indexOf('COMMIT');
  expect(sent.slice(0, commit).findLastIndex((text) => text.includes('"idempotency_records"'))).toBe(commit - 3);
  const lastThree = [
    expect.stringMatching(/INSERT INTO audit_heads .* ON CONFLICT .* DO UPDATE/s),
    expect.stringMatching(/INSERT INTO audit_entries .* UPDATE audit_heads/s),
    'COMMIT',
  ];
  expect(sent.slice(commit - 2, commit + 1)).toEqual(lastThree);
  expect(sent.filter((text) => /audit_(heads|entries)/.test(text))).toHaveLength(2);
});

test('changes of the same chains in any order of them, at once, wait for each other and are all written', async () => {
  const change = (...chains: string[]) =>
    inTransaction(server.database.dataSource, async (manager) => {
      for (const chain of chains) server.app.get(AuditChains).append(manager, OPERATOR, recordOf(chain));
    });
  const { id } = await server.newOrg();
  const { id: other } = await server.newOrg();
  await Promise.all(Array.from({ length: 40 }, (_, at) => (at % 2 ? change(id, other, id) : change(other, id))));
  const { rows } = await sql('SELECT chain, sequence FROM audit_heads WHERE chain = ANY($1) ORDER BY sequence', [
    [id, other],
  ]);
  expect(rows).toEqual([
    { chain: other, sequence: 41 },
    { chain: id, sequence: 61 },
  ]);
});

test('a change that fails leaves no entry, also when it fails after its entry was written', async () => {
  const { id } = await server.newOrg();
  const failing = inTransaction(server.database.dataSource, async (manager) => {
    server.app.get(AuditChains).append(manager, OPERATOR, recordOf(id));
    beforeCommit(manager, () => Promise.reject(new Error('too late')));
  });
  await expect(failing).rejects.toThrow('too late');
  const { rows } = await sql('SELECT sequence FROM audit_heads WHERE chain = $1', [id]);
  expect(rows).toEqual([{ sequence: 1 }]);
});

describe('a superuser switches the trigger off', () => {
  afterEach(async () => {
    await tamper('DELETE FROM audit_entries');
    await tamper('INSERT INTO audit_entries SELECT * FROM kept_entries');
    await sql(
      'UPDATE audit_heads h SET sequence = k.sequence, hash = k.hash FROM kept_heads k WHERE k.chain = h.chain',
    );
    expect(await verified()).toEqual([]);
  });
  beforeAll(async () => {
    await sql('CREATE TABLE kept_entries AS TABLE audit_entries');
    await sql('CREATE TABLE kept_heads AS TABLE audit_heads');
  });

  const tamper = (statement: string) =>
    sql(`ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only; ${statement};
         ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_append_only`);
  const third = () => `chain = '${orgId}' AND sequence = 3`;
  const altered = 'the entry, or the one before it, was altered';

  test.each([
    ['action', `'api_key.created '`],
    ['actor_name', `'Somebody else'`],
    ['target_id', 'gen_random_uuid()'],
    ['ip', `'192.0.2.7'`],
    ['created_at', `created_at + interval '1 millisecond'`],
    ['changes', `'{"name": {"before": 1, "after": 2}}'`],
    ['request_id', 'NULL'],
  ])('and alters %s of one entry: it is named', async (column, value) => {
    await tamper(`UPDATE audit_entries SET ${column} = ${value} WHERE ${third()}`);
    expect(await verified()).toEqual([{ chain: orgId, sequence: 3, problem: altered }]);
  });

  test('and takes one entry out: it is named', async () => {
    await tamper(`DELETE FROM audit_entries WHERE ${third()}`);
    expect(await verified()).toEqual([{ chain: orgId, sequence: 3, problem: 'the entry is missing' }]);
  });

  test('and cuts the newest off: it is named', async () => {
    await tamper(`DELETE FROM audit_entries WHERE chain = '${orgId}' AND sequence = 4`);
    expect(await verified()).toEqual([{ chain: orgId, sequence: 4, problem: 'the entry is missing' }]);
  });

  test('and moves an entry to another org: both places are named', async () => {
    await tamper(
      `UPDATE audit_entries SET chain = '${otherOrgId}', sequence = 5 WHERE chain = '${orgId}' AND sequence = 4`,
    );
    const found = await verified();
    expect(found.map(({ chain, sequence }) => [chain, sequence])).toEqual(
      expect.arrayContaining([
        [orgId, 4],
        [otherOrgId, 5],
      ]),
    );
    expect(found).toHaveLength(2);
  });
});
