import { beforeAll, describe, expect, test } from 'vitest';
import { bindTransactions } from '../../src/core/database/bound-org.js';
import { inTransaction } from '../../src/core/database/transaction.js';
import { RowMaker, type Row, type Table } from '../support/row-maker.js';
import { type TestOrg, TestServer } from '../support/start-app.js';

const server = TestServer.forSuite();
let org: TestOrg;
let other: TestOrg;
/** A row of the other org in every table with an org. */
let rows: ReadonlyMap<Table, Row>;
beforeAll(async () => {
  [org, other] = [await server.newOrg(), await server.newOrg()];
  const maker = await RowMaker.of(server.database);
  await maker.in(org.id).all();
  rows = await maker.in(other.id).all();
});

const boundTo = (orgId: string | undefined, sql: string, values: unknown[] = []) =>
  bindTransactions(
    () => orgId,
    () => inTransaction(server.database.dataSource, (manager) => manager.query(sql, values)),
  );

test('every table with rows of orgs has row-level security', async () => {
  const { rows: open } = await server.owner.query(`
    SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'org_id'
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relrowsecurity`);
  expect(open).toEqual([]);
  expect(rows.size).toBeGreaterThan(40);
});

describe('in a transaction of one org', () => {
  test('a statement without a condition on the org locks and changes rows of that org only', async () => {
    for (const { name } of rows.keys()) {
      const locked = (await boundTo(org.id, `SELECT org_id FROM "${name}" FOR NO KEY UPDATE`)) as Row[];
      expect([name, locked.filter(({ org_id }) => org_id !== org.id)]).toEqual([name, []]);
      const [changed] = (await boundTo(org.id, `UPDATE "${name}" SET org_id = org_id RETURNING org_id`)) as [Row[]];
      expect([name, changed.filter(({ org_id }) => org_id !== org.id)]).toEqual([name, []]);
    }
  });

  test('a row of another org is neither updated nor deleted by its id', async () => {
    for (const [{ name }, { id }] of rows) {
      expect([name, await boundTo(org.id, `UPDATE "${name}" SET org_id = org_id WHERE id = $1`, [id])]).toEqual([
        name,
        [[], 0],
      ]);
      expect([name, await boundTo(org.id, `DELETE FROM "${name}" WHERE id = $1`, [id])]).toEqual([name, [[], 0]]);
    }
    expect(await boundTo(org.id, `UPDATE orgs SET name = name WHERE id = $1`, [other.id])).toEqual([[], 0]);
  });

  test('a row can be neither inserted for nor moved to another org', async () => {
    for (const [{ name }, row] of rows) {
      const copy = `INSERT INTO "${name}" OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::"${name}", $1)`;
      await expect(boundTo(org.id, copy, [JSON.stringify(row)]), name).rejects.toThrow('row-level security');
    }
    const move = boundTo(org.id, 'UPDATE contacts SET org_id = $1', [other.id]);
    await expect(move).rejects.toThrow('row-level security');
  });
});

test('a transaction without an org, such as that of a job, writes rows of any org', async () => {
  const sql = 'UPDATE contacts SET org_id = org_id RETURNING org_id';
  const [changed] = (await boundTo(undefined, sql)) as [Row[]];
  expect(new Set(changed.map(({ org_id }) => org_id))).toEqual(new Set([org.id, other.id]));
  // The pool may return the connection of an earlier transaction, whose org must be reset.
  expect((await server.database.query(sql)).rows.length).toBe(changed.length);
});

test('transactions of a request are bound to its org, and those of a partner to none', async () => {
  await server.owner.query(`
    CREATE TABLE seen (org_id text);
    CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      INSERT INTO seen SELECT current_setting('gatehouse.org_id', true);
      RETURN new;
    END $$;
    CREATE TRIGGER see BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION see()`);
  const seen = async () => (await server.owner.query('DELETE FROM seen RETURNING org_id')).rows;
  const ownerRole = `SELECT id FROM roles WHERE org_id = $1 AND name = 'Owner'`;
  const [role] = (await server.database.query(ownerRole, [org.id])).rows as { id: string }[];
  const session = await server.newSession(org, 'owner@acmetours.example', role!.id);
  await seen();
  await server
    .signedIn(session)
    .post('/manage/v1/api-keys')
    .send({ name: 'Bound', scopes: ['leads:read'] })
    .expect(201);
  expect(await seen()).toEqual([{ org_id: org.id }]);
  await server.newOrgKey(org);
  expect(await seen()).toEqual([{ org_id: expect.toSatisfy((orgId) => !orgId) }]);
});

test('a full-text search uses its index under row-level security', async () => {
  const { rows: tables } = await server.owner.query(
    `SELECT tablename AS name, attname AS words FROM pg_indexes JOIN pg_attribute ON attrelid = tablename::regclass
     WHERE schemaname = 'public' AND indexdef ~ 'USING gin' AND atttypid = 'tsvector'::regtype AND indexdef ~ attname`,
  );
  expect(tables.length).toBeGreaterThan(0);
  for (const { name, words } of tables) {
    const sql = `SELECT FROM "${name}" WHERE "${words}" @@ plainto_tsquery('simple', 'x')`;
    const plan = await inTransaction(server.database.dataSource, async (manager) => {
      await manager.query('SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off');
      return manager.query(`EXPLAIN ${sql}`) as Promise<{ 'QUERY PLAN': string }[]>;
    });
    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toMatch(/Index Cond: .*@@/);
  }
});
