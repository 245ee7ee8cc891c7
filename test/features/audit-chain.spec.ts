import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { APPEND_ONLY_TRIGGERS, missingAppendOnlyTriggers } from '../../src/kit/audit/append-only.js';
import { AuditChains } from '../../src/kit/audit/audit-chains.js';
import { AuditKeyMaker } from '../../src/kit/audit/audit-key-maker.js';
import { AuditKeys } from '../../src/kit/audit/audit-keys.js';
import { LOG_ALL_AUDIT_HEADS, LOG_CHANGED_AUDIT_HEADS } from '../../src/kit/audit/audit-heads-log.js';
import { type KeptHead, keptHeads, parseKeptHeads } from '../../src/kit/audit/kept-heads.js';
import { beforeCommit, inTransaction } from '../../src/core/database/transaction.js';
import type { ScheduledJob } from '../../src/core/jobs/job.js';
import { Jobs } from '../../src/core/jobs/jobs.service.js';
import { LOG, type Log } from '../../src/core/logging/log.js';
import { SqlCount } from '../support/sql-count.js';
import { TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

const server = TestServer.forSuite();
/** Orgs with four audit entries each: their own, and those of three keys. */
let orgId: string;
let otherOrgId: string;

beforeAll(async () => {
  [orgId, otherOrgId] = [await newAuditedOrg(), await newAuditedOrg()];
});

async function newAuditedOrg(): Promise<string> {
  const org = await server.newOrg();
  for (let key = 0; key < 3; key++) await server.newOrgKey(org);
  return org.id;
}

/** As the owner of the tables, who is restricted only by the trigger. */
const sql = (text: string, values: unknown[] = []) => server.owner.query(text, values);
const verified = async (kept: readonly KeptHead[] = []) => (await server.verifyAudit(kept)).broken;

test('every chain verifies, with all its entries', async () => {
  const { rows } = await sql(
    'SELECT count(*)::int AS entries, count(DISTINCT chain)::int AS chains FROM audit_entries',
  );
  expect(await server.verifyAudit()).toEqual({ ...rows[0], broken: [] });
});

test.each([
  `UPDATE audit_entries SET actor_name = 'Another name'`,
  'DELETE FROM audit_entries',
  'TRUNCATE audit_entries',
  `SET LOCAL session_replication_role = replica; UPDATE audit_entries SET actor_name = 'Another name'`,
])('the database refuses: %s', async (statement) => {
  await expect(sql(statement)).rejects.toThrow('audit entries are append-only');
  expect(await verified()).toEqual([]);
});

const recordOf = (chain: string) => ({
  action: 'org.updated',
  orgId: chain,
  target: { type: 'org', id: chain, name: 'Acme Tours' },
});

test('a change locks its audit chain last, one statement before COMMIT', async () => {
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
  expect(sent.slice(0, commit).findLastIndex((text) => text.includes('"idempotency_records"'))).toBeLessThan(
    commit - 2,
  );
  const lastThree = [
    expect.stringMatching(/INSERT INTO audit_heads .* ON CONFLICT .* DO UPDATE/s),
    expect.stringMatching(/INSERT INTO audit_entries .* UPDATE audit_heads/s),
    'COMMIT',
  ];
  expect(sent.slice(commit - 2, commit + 1)).toEqual(lastThree);
  expect(sent.filter((text) => /audit_(heads|entries)/.test(text))).toHaveLength(2);
});

test('concurrent changes of the same chains in different orders are all written', async () => {
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

test('a failed change leaves no entry, even if it fails after the entry was written', async () => {
  const { id } = await server.newOrg();
  const failing = inTransaction(server.database.dataSource, async (manager) => {
    server.app.get(AuditChains).append(manager, OPERATOR, recordOf(id));
    beforeCommit(manager, () => Promise.reject(new Error('too late')));
  });
  await expect(failing).rejects.toThrow('too late');
  const { rows } = await sql('SELECT sequence FROM audit_heads WHERE chain = $1', [id]);
  expect(rows).toEqual([{ sequence: 1 }]);
});

test('the log has all heads daily and changed heads hourly, in the format of "audit verify --heads"', async () => {
  const warn = vi.spyOn(server.app.get<Log>(LOG), 'warn');
  const logged = async (job: ScheduledJob) => {
    warn.mockClear();
    await server.app.get(Jobs).enqueueScheduled(server.database.dataSource.manager, job);
    const lines = () => (warn.mock.calls as unknown[][]).filter(([, message]) => message === 'audit heads');
    await until('heads are logged', () => lines().length > 0);
    return parseKeptHeads(
      lines()
        .map(([line]) => JSON.stringify(line))
        .join('\n'),
    );
  };
  try {
    const all = await logged(LOG_ALL_AUDIT_HEADS);
    const { rows } = await sql('SELECT chain, sequence, hash FROM audit_heads ORDER BY chain');
    expect(all.map(({ chain, sequence, hash }) => ({ chain, sequence, hash }))).toEqual(rows);
    expect(await verified(all)).toEqual([]);
    await sql(`UPDATE audit_heads SET updated_at = now() - interval '2 hours' WHERE chain <> $1`, [orgId]);
    expect((await logged(LOG_CHANGED_AUDIT_HEADS)).map(({ chain }) => chain)).toEqual([orgId]);
  } finally {
    warn.mockRestore();
  }
});

describe('tampering by the owner of the tables, with triggers disabled, is found:', () => {
  let thirdEntry: Record<string, unknown>;
  let kept: KeptHead[];
  beforeAll(async () => {
    await inTransaction(server.database.dataSource, async (manager) => {
      const changes = { custom: { before: null, after: { list: [{ deep: 'x' }] } } };
      server.app.get(AuditChains).append(manager, OPERATOR, { ...recordOf(orgId), changes });
    });
    await sql('CREATE TABLE saved_entries AS TABLE audit_entries');
    await sql('CREATE TABLE saved_heads AS TABLE audit_heads');
    [thirdEntry] = (await sql(`SELECT * FROM audit_entries WHERE ${third()}`)).rows;
    kept = await keptNow();
  });
  afterEach(async () => {
    await tamper('DELETE FROM audit_entries; INSERT INTO audit_entries SELECT * FROM saved_entries');
    await tamper('DELETE FROM audit_heads; INSERT INTO audit_heads SELECT * FROM saved_heads');
    expect(await verified(kept)).toEqual([]);
  });

  const third = () => `chain = '${orgId}' AND sequence = 3`;
  const altered = 'the entry, or the one before it, was altered';
  const headAltered = 'the head of the chain was altered';
  const switchTriggers = (how: string) =>
    Object.entries(APPEND_ONLY_TRIGGERS)
      .map(([table, name]) => `ALTER TABLE ${table} ${how} TRIGGER ${name};`)
      .join('');
  const tamper = (statement: string) =>
    sql(`${switchTriggers('DISABLE')} ${statement}; ${switchTriggers('ENABLE ALWAYS')}`);
  const setHeadBack = (sequence: number) => `
    UPDATE audit_heads SET sequence = ${sequence}, hash = entry.hash FROM audit_entries entry
    WHERE entry.chain = '${orgId}' AND entry.sequence = ${sequence} AND audit_heads.chain = entry.chain`;
  const cutTail = () => `DELETE FROM audit_entries WHERE chain = '${orgId}' AND sequence >= 4`;
  async function keptNow(): Promise<KeptHead[]> {
    const { manager } = server.database.dataSource;
    const { current } = await server.app.get(AuditKeys).read(manager);
    const heads: KeptHead[] = [];
    for await (const page of keptHeads(manager, current)) heads.push(...page);
    return heads;
  }

  const OTHERWISE: Readonly<Record<string, string>> = {
    id: 'gen_random_uuid()',
    org_id: 'gen_random_uuid()',
    chain: `'${randomUUID()}'`,
    sequence: '9',
    action: `'api_key.created '`,
    actor_type: `'user'`,
    actor_id: 'gen_random_uuid()',
    actor_name: `'Another name'`,
    target_type: `'org'`,
    target_id: 'gen_random_uuid()',
    target_name: `'Another key'`,
    changes: `'{"name": {"before": 1, "after": 2}}'`,
    ip: `'192.0.2.7'`,
    request_id: `'another'`,
    hash: `repeat('0', 64)`,
    version: '1',
    key_id: 'gen_random_uuid()',
    created_at: `created_at + interval '1 millisecond'`,
  };

  test('each column of an entry is part of its hash', () => {
    expect(Object.keys(OTHERWISE).sort()).toEqual(Object.keys(thirdEntry).sort());
  });

  test.each(Object.entries(OTHERWISE))('a changed %s of one entry', async (column, value) => {
    await tamper(`UPDATE audit_entries SET ${column} = ${value} WHERE ${third()}`);
    expect(await verified()).toContainEqual({ chain: orgId, sequence: 3, problem: expect.any(String) });
  });

  test('a changed value deep in the changes of one entry', async () => {
    await tamper(`UPDATE audit_entries SET changes = jsonb_set(changes, '{custom,after,list,0,deep}', '"y"')
      WHERE chain = '${orgId}' AND sequence = 5`);
    expect(await verified()).toEqual([{ chain: orgId, sequence: 5, problem: altered }]);
  });

  test('a removed entry', async () => {
    await tamper(`DELETE FROM audit_entries WHERE ${third()}`);
    expect(await verified()).toEqual([{ chain: orgId, sequence: 3, problem: 'the entry is missing' }]);
  });

  test('a removed newest entry', async () => {
    await tamper(cutTail());
    expect(await verified()).toEqual([{ chain: orgId, sequence: 4, problem: 'the entry is missing' }]);
  });

  test('a removed newest entry with the head set back', async () => {
    await tamper(`${cutTail()}; ${setHeadBack(3)}`);
    expect(await verified()).toEqual([{ chain: orgId, sequence: 3, problem: headAltered }]);
  });

  test('a head that was set back before the next change', async () => {
    await tamper(`${cutTail()}; ${setHeadBack(3)}`);
    await inTransaction(server.database.dataSource, async (manager) =>
      server.app.get(AuditChains).append(manager, OPERATOR, recordOf(orgId)),
    );
    expect(await verified()).toEqual([{ chain: orgId, sequence: 4, problem: altered }]);
  });

  test('a removed head', async () => {
    await tamper(`DELETE FROM audit_heads WHERE chain = '${orgId}'`);
    expect(await verified()).toEqual([{ chain: orgId, sequence: 5, problem: 'the head of the chain is missing' }]);
  });

  test('a removed chain, of an org and of the installation', async () => {
    const gone = `chain IN ('${orgId}', 'installation')`;
    await tamper(`DELETE FROM audit_entries WHERE ${gone}; DELETE FROM audit_heads WHERE ${gone}`);
    const missing = { sequence: 1, problem: 'the chain is missing' };
    expect(await verified()).toEqual([
      { chain: orgId, ...missing },
      { chain: 'installation', ...missing },
    ]);
  });

  test('a chain restored from an older backup, with kept heads', async () => {
    const { rows } = await sql(`SELECT * FROM audit_heads WHERE chain = '${orgId}'`);
    const earlier = rows[0];
    await inTransaction(server.database.dataSource, async (manager) =>
      server.app.get(AuditChains).append(manager, OPERATOR, recordOf(orgId)),
    );
    const later = await keptNow();
    expect(await verified(later)).toEqual([]);
    expect(await verified([...kept, ...later])).toEqual([]);
    await tamper(`DELETE FROM audit_entries WHERE chain = '${orgId}' AND sequence = 6;
      UPDATE audit_heads SET sequence = 5, hash = '${earlier.hash}', mac = '${earlier.mac}' WHERE chain = '${orgId}'`);
    expect(await verified()).toEqual([]);
    expect(await verified(later)).toEqual([
      { chain: orgId, sequence: 6, problem: 'the entry is missing that a kept head comes after' },
    ]);
  });

  test('a changed kept head', async () => {
    const forged = kept.map((head) => (head.chain === orgId ? { ...head, at: '2020-01-01T00:00:00.000Z' } : head));
    const problem = 'the kept head was altered, or is of another installation';
    expect(await verified(forged)).toEqual([{ chain: orgId, sequence: 5, problem }]);
  });

  test('an entry moved to another org, in both chains', async () => {
    await tamper(
      `UPDATE audit_entries SET chain = '${otherOrgId}', sequence = 5 WHERE chain = '${orgId}' AND sequence = 5`,
    );
    const found = await verified();
    expect(found.map(({ chain, sequence }) => [chain, sequence])).toEqual(
      expect.arrayContaining([
        [orgId, 5],
        [otherOrgId, 5],
      ]),
    );
    expect(found).toHaveLength(2);
  });
});

test('the doctor checks every trigger that protects an audit table', async () => {
  const { rows } = await sql(`SELECT tgrelid::regclass::text AS "table", tgname::text AS name FROM pg_trigger
    WHERE tgfoid = 'refuse_audit_change'::regproc`);
  expect(Object.fromEntries(rows.map(({ table, name }) => [table, name]))).toEqual(APPEND_ONLY_TRIGGERS);
});

test.each(Object.entries(APPEND_ONLY_TRIGGERS))(
  'the check reports the trigger of %s if it is disabled or missing',
  async (table, name) => {
    expect(await missingAppendOnlyTriggers(server.database.query)).toEqual([]);
    for (const how of ['DISABLE', 'ENABLE', 'ENABLE REPLICA']) {
      await sql(`ALTER TABLE ${table} ${how} TRIGGER ${name}`);
      expect(await missingAppendOnlyTriggers(server.database.query)).toEqual([`${table}.${name}`]);
    }
    await sql(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${name}`);
  },
);

test.each(['audit_heads', 'audit_keys'])('the database refuses to truncate %s', async (table) => {
  for (const statement of [`DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
    await expect(sql(statement)).rejects.toThrow('are append-only');
  }
});

test('an installation without its audit keys refuses changes until the operator creates one', async () => {
  await sql(`ALTER TABLE audit_keys DISABLE TRIGGER audit_keys_kept; CREATE TABLE saved_keys AS TABLE audit_keys;
    DELETE FROM audit_keys`);
  await server.app.get(AuditKeyMaker).onModuleInit();
  expect((await sql('SELECT FROM audit_keys')).rowCount).toBe(0);
  server.app.get(AuditKeys).forget();
  const org = await server.newOrg().catch((error: unknown) => error);
  expect(org).toBeInstanceOf(Error);
  await server.app.get(AuditKeyMaker).makeAnother(OPERATOR);
  await server.newOrg();
  expect(await verified()).toContainEqual({
    chain: orgId,
    sequence: 1,
    problem: expect.stringContaining('is missing'),
  });
  await sql(`INSERT INTO audit_keys SELECT * FROM saved_keys;
    ALTER TABLE audit_keys ENABLE ALWAYS TRIGGER audit_keys_kept`);
  expect(await verified()).toEqual([]);
});
