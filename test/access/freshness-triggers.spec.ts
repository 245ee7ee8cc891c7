import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Freshness1763800000002 } from '../../migrations/0002-freshness.js';
import { ringOnChange } from '../../migrations/ring-on-change.js';
import { checkTriggers } from '../../src/access/freshness/trigger-check.js';
import { FreshnessDatabase, type TestKey } from '../support/freshness-process.js';
import { until } from '../support/until.js';

/** What other processes learn: the committed changes and the number of notifications. */
interface Heard {
  readonly changes: { version: number; tags: string[] | null }[];
  readonly bells: number;
}

const NOTHING: Heard = { changes: [], bells: 0 };

let database: FreshnessDatabase;
let key: TestKey;
let client: pg.Client;
let listener: pg.Client;
const bells: string[] = [];

beforeAll(async () => {
  database = await FreshnessDatabase.create();
  key = await database.addKey();
  client = new pg.Client({ connectionString: database.url });
  listener = new pg.Client({ connectionString: database.url });
  await Promise.all([client.connect(), listener.connect()]);
  listener.on('notification', ({ payload }) => bells.push(payload!));
  await listener.query('listen access');
});

afterAll(async () => {
  await Promise.all([client?.end(), listener?.end()]);
  await database?.drop();
});

async function heardOf(work: () => Promise<unknown>): Promise<Heard> {
  const before = await database.head();
  bells.length = 0;
  await work();
  // Notifications arrive in commit order, so all earlier ones have arrived before this one.
  const end = randomUUID();
  await client.query(`select pg_notify('access', $1)`, [end]);
  await until('the last notification', () => bells.includes(end));
  const { rows } = await client.query(
    'select version::float8, tags from access_change where version is null or version > $1 order by id',
    [before],
  );
  const changes = rows.map(({ version, tags }) => ({ version: version - before, tags: tags?.sort() ?? null }));
  return { changes, bells: bells.filter((version) => Number(version) > before).length };
}

function heardOfSql(sql: string, values: unknown[] = []): Promise<Heard> {
  return heardOf(() => client.query(sql, values));
}

function oneChange(...tags: string[]): Heard {
  return { changes: [{ version: 1, tags: tags.sort() }], bells: 1 };
}

describe('a change that notifies the processes:', () => {
  test.each([
    ['partners', 'name', `name || 'x'`],
    ['partners', 'is_active', 'not is_active'],
    ['partners', 'allowed_ips', `'{10.0.0.1}'`],
  ])('an UPDATE of %s.%s notifies with the partner', async (table, column, value) => {
    const heard = await heardOfSql(`update ${table} set ${column} = ${value} where id = $1`, [key.partnerId]);
    expect(heard).toEqual(oneChange(`partner:${key.partnerId}`));
  });

  test.each([
    ['partner_id', 'null'],
    ['archived_at', 'now()'],
  ])('an UPDATE of orgs.%s notifies with the org', async (column, value) => {
    const { orgId } = await database.addKey();
    expect(await heardOfSql(`update orgs set ${column} = ${value} where id = $1`, [orgId])).toEqual(
      oneChange(`org:${orgId}`),
    );
  });

  test.each([
    ['org_id', '(select id from orgs where id <> org_id limit 1)'],
    ['kind', `'agent'`],
    ['type', `'client'`],
    ['name', `'renamed'`],
    ['description', `'described'`],
    ['masked_key', `'…'`],
    ['scopes', `'{tags:read}'`],
    ['public_key', `'ocx_key_'`],
    ['allowed_ips', `'{10.0.0.1}'`],
    ['allowed_origins', `'{example.com}'`],
    ['rate_per_minute', '5'],
    ['rate_per_hour', '50'],
    ['created_at', `now() - interval '1 day'`],
    ['acknowledged_at', 'now()'],
    ['expires_at', 'now()'],
    ['revoked_at', 'now()'],
    ['metadata', `'{"team": "booking"}'`],
    ['tags', `'{booking}'`],
    ['external_id', `'booking'`],
  ])('an UPDATE of api_keys.%s notifies with the key', async (column, value) => {
    const { keyId } = await database.addKey();
    expect(await heardOfSql(`update api_keys set ${column} = ${value} where id = $1`, [keyId])).toEqual(
      oneChange(`key:${keyId}`),
    );
  });

  test('a suspension of a key notifies with the key', async () => {
    const { keyId } = await database.addKey();
    const suspend = `update api_keys set suspended_at = now(), suspension_reason = 'leaked' where id = $1`;
    expect(await heardOfSql(suspend, [keyId])).toEqual(oneChange(`key:${keyId}`));
  });

  test.each([
    ['digest', 'gen_random_uuid()::text'],
    ['secret_hash', `'argon2'`],
    ['retires_at', 'now()'],
    ['rotated_at', 'now()'],
    ['ended_at', 'now()'],
    ['created_at', `now() - interval '1 day'`],
  ])('an UPDATE of key_credentials.%s notifies with the key', async (column, value) => {
    expect(await heardOfSql(`update key_credentials set ${column} = ${value} where key_id = $1`, [key.keyId])).toEqual(
      oneChange(`key:${key.keyId}`),
    );
  });

  test('an UPDATE of api_keys.agent_id notifies with the key', async () => {
    const [{ keyId, orgId }, agentId] = [await database.addKey(), randomUUID()];
    await client.query(`insert into agents (id, org_id, name) values ($1, $2, 'agent')`, [agentId, orgId]);
    const heard = await heardOfSql('update api_keys set agent_id = $2 where id = $1', [keyId, agentId]);
    expect(heard).toEqual(oneChange(`key:${keyId}`));
  });

  test('a workflow notifies with its org when its event changes and when it is deleted', async () => {
    const [{ orgId }, id] = [await database.addKey(), randomUUID()];
    await client.query(
      `insert into workflows (org_id, id, webhook_token, trigger_type) values ($1, $2, gen_random_uuid()::text, 'contact-created')`,
      [orgId, id],
    );
    expect(await heardOfSql('update workflows set latest_version = 2, active_version = 1 where id = $1', [id])).toEqual(
      NOTHING,
    );
    const waiting = await heardOfSql(`update workflows set awaited_event = 'contact.created' where id = $1`, [id]);
    expect(waiting).toEqual(oneChange(`org:${orgId}`));
    expect(await heardOfSql('delete from workflows where id = $1', [id])).toEqual(oneChange(`org:${orgId}`));
  });

  test('a key policy notifies with its place, or for everything, as far as it is enforced', async () => {
    const { orgId } = await database.addKey();
    const [ofOrg, ofPartner, ofAll] = [randomUUID(), randomUUID(), randomUUID()];
    const insert = (id: string, place: object, enforce_from: string | null) =>
      heardOfSql(
        `insert into key_policies (id, org_id, partner_id, is_installation, enforce_from, set_by_type, set_by_name)
         select $1, org_id, partner_id, coalesce(is_installation, false), $3, 'operator', 'test'
         from jsonb_populate_record(null::key_policies, $2)`,
        [id, JSON.stringify(place), enforce_from],
      );
    expect(await insert(ofOrg, { org_id: orgId }, null)).toEqual(NOTHING);
    const update = (id: string, change: string) => heardOfSql(`update key_policies set ${change} where id = $1`, [id]);
    expect(await update(ofOrg, 'expiry_required = true')).toEqual(NOTHING);
    expect(await update(ofOrg, 'enforce_from = now()')).toEqual(oneChange(`org:${orgId}`));
    expect(await update(ofOrg, `set_by_name = 'other', updated_at = now()`)).toEqual(NOTHING);
    for (const change of [
      'max_lifetime_days = 5',
      'expiry_required = false',
      'full_access_forbidden = true',
      'ip_list_required = true',
      `scope_ceiling = '{tags:read}'`,
      'enforce_from = null',
    ]) {
      expect([change, await update(ofOrg, change)]).toEqual([change, oneChange(`org:${orgId}`)]);
    }
    expect(await insert(ofPartner, { partner_id: key.partnerId }, '2030-01-01T00:00:00Z')).toEqual(
      oneChange(`partner:${key.partnerId}`),
    );
    const everything = { changes: [{ version: 1, tags: null }], bells: 1 };
    expect(await insert(ofAll, { is_installation: true }, '2030-01-01T00:00:00Z')).toEqual(everything);
    expect(await heardOfSql('delete from key_policies where id = $1', [ofPartner])).toEqual(
      oneChange(`partner:${key.partnerId}`),
    );
    expect(await heardOfSql('truncate key_policies')).toEqual(everything);
  });

  test('a credential that moves to another key notifies with both keys', async () => {
    const [from, to] = [await database.addKey(), await database.addKey()];
    const heard = await heardOfSql('update key_credentials set key_id = $2 where key_id = $1', [from.keyId, to.keyId]);
    expect(heard).toEqual(oneChange(`key:${from.keyId}`, `key:${to.keyId}`));
  });

  test('an INSERT notifies without a tag', async () => {
    expect(await heardOfSql(`insert into partners (id, name) values ($1, 'new')`, [randomUUID()])).toEqual(oneChange());
  });

  test('an updating upsert notifies with the row', async () => {
    const heard = await heardOfSql(
      `insert into partners (id, name) values ($1, 'p') on conflict (id) do update set is_active = not partners.is_active`,
      [key.partnerId],
    );
    expect(heard).toEqual(oneChange(`partner:${key.partnerId}`));
  });

  test('MERGE notifies with the updated, inserted and deleted rows', async () => {
    const [updated, inserted] = [key.partnerId, randomUUID()];
    const heard = await heardOfSql(
      `merge into partners using (values ($1::uuid), ($2::uuid)) source (id) on partners.id = source.id
       when matched then update set is_active = not is_active
       when not matched then insert (id, name) values (source.id, 'merged')`,
      [updated, inserted],
    );
    expect(heard.changes.map(({ tags }) => tags)).toEqual(expect.arrayContaining([[], [`partner:${updated}`]]));
    const deleted = await heardOfSql(
      'merge into partners using (values ($1::uuid)) source (id) on partners.id = source.id when matched then delete',
      [inserted],
    );
    expect(deleted).toEqual(oneChange(`partner:${inserted}`));
  });

  test('a writable CTE notifies', async () => {
    const { keyId } = await database.addKey();
    const heard = await heardOfSql(
      'with revoked as (update api_keys set revoked_at = now() where id = $1 returning id) select count(*) from revoked',
      [keyId],
    );
    expect(heard).toEqual(oneChange(`key:${keyId}`));
  });

  test('a cascade notifies with the deleted rows', async () => {
    const { keyId } = await database.addKey();
    await client.query('alter table key_credentials disable trigger access_ring_delete');
    const withoutCascade = await heardOfSql('delete from api_keys where id = $1', [keyId]);
    await client.query('alter table key_credentials enable always trigger access_ring_delete');
    const other = await database.addKey();
    const withCascade = await heardOfSql('delete from api_keys where id = $1', [other.keyId]);
    expect([withoutCascade.changes.length, withCascade.changes.length]).toEqual([1, 2]);
  });

  test('COPY notifies', async () => {
    const heard = await heardOfSql(
      `copy partners (id, name) from program $$echo '${randomUUID()},copied'$$ with (format csv)`,
    );
    expect(heard).toEqual(oneChange());
  });

  test('TRUNCATE notifies for everything', async () => {
    const work = 'begin; create table spare as table key_credentials; truncate key_credentials; commit';
    const heard = await heardOfSql(work);
    await client.query('insert into key_credentials table spare; drop table spare');
    expect(heard).toEqual({ changes: [{ version: 1, tags: null }], bells: 1 });
  });

  test('an UPDATE of many rows notifies for everything', async () => {
    await client.query(
      `insert into partners (id, name) select gen_random_uuid(), 'many' from generate_series(1, 20001)`,
    );
    const heard = await heardOfSql(`update partners set is_active = false where name = 'many'`);
    await client.query(`delete from partners where name = 'many'`);
    expect(heard).toEqual({ changes: [{ version: 1, tags: null }], bells: 1 });
  });

  test('a session in replica mode notifies, because the triggers are ENABLE ALWAYS', async () => {
    const work = `set session_replication_role = replica; update partners set is_active = not is_active where id = '${key.partnerId}'; reset session_replication_role`;
    expect(await heardOfSql(work)).toEqual(oneChange(`partner:${key.partnerId}`));
    await client.query('alter table partners enable trigger access_ring_update');
    const broken = await heardOfSql(work);
    await client.query('alter table partners enable always trigger access_ring_update');
    expect(broken).toEqual(NOTHING);
  });

  test('a role that can only write keys notifies', async () => {
    const role = `writer_${randomUUID().replaceAll('-', '')}`;
    await client.query(`create role ${role}; grant select, update on api_keys to ${role}; set role ${role}`);
    const heard = await heardOf(async () => {
      await client.query('update api_keys set revoked_at = now() where id = $1', [key.keyId]);
      await client.query('reset role');
    });
    await client.query(`drop owned by ${role}; drop role ${role}`);
    expect(heard).toEqual(oneChange(`key:${key.keyId}`));
  });
});

describe('a change that does not notify:', () => {
  test('an UPDATE that changes nothing', async () => {
    expect(await heardOfSql('update partners set is_active = is_active, name = name')).toEqual(NOTHING);
  });

  test('an UPDATE of columns that the cache does not use', async () => {
    const heard = await heardOf(async () => {
      await client.query(`update partners set updated_at = now(), ai_instructions = 'x'`);
      await client.query(`update orgs set updated_at = now(), name = 'x', website = 'x'`);
    });
    expect(heard).toEqual(NOTHING);
  });

  test('an UPDATE of a key that only its revision tells', async () => {
    const { keyId } = await database.addKey();
    const update = `update api_keys set created_by_name = 'renamed', resumed_at = now() where id = $1`;
    expect(await heardOfSql(update, [keyId])).toEqual(NOTHING);
    expect((await client.query('select revision from api_keys where id = $1', [keyId])).rows).toEqual([
      { revision: 2 },
    ]);
  });

  test('a statement without a matching row', async () => {
    const heard = await heardOf(async () => {
      await client.query('update api_keys set revoked_at = now() where false');
      await client.query('delete from api_keys where false');
      await client.query('insert into api_keys select * from api_keys where false');
    });
    expect(heard).toEqual(NOTHING);
  });

  test('a rollback, which takes no version', async () => {
    await client.query('begin');
    await client.query('update partners set is_active = not is_active');
    expect(await heardOfSql('rollback')).toEqual(NOTHING);
    expect(await heardOfSql('update partners set is_active = not is_active where id = $1', [key.partnerId])).toEqual(
      oneChange(`partner:${key.partnerId}`),
    );
  });

  test('a change rolled back to a savepoint', async () => {
    const kept = await database.addKey();
    const heard = await heardOf(async () => {
      await client.query('begin');
      await client.query('update api_keys set revoked_at = now() where id = $1', [kept.keyId]);
      await client.query('savepoint here');
      await client.query('update api_keys set revoked_at = now()');
      await client.query('rollback to here');
      await client.query('commit');
    });
    expect(heard).toEqual(oneChange(`key:${kept.keyId}`));
  });
});

describe('the version', () => {
  test('three statements in one transaction take one version and notify once', async () => {
    const keys = [await database.addKey(), await database.addKey(), await database.addKey()];
    const heard = await heardOf(async () => {
      await client.query('begin');
      for (const { keyId } of keys) await client.query('update api_keys set revoked_at = now() where id = $1', [keyId]);
      await client.query('commit');
    });
    expect(heard).toEqual({ changes: keys.map(({ keyId }) => ({ version: 1, tags: [`key:${keyId}`] })), bells: 1 });
  });

  test('an open transaction does not block other changes', async () => {
    const [open, other] = [await database.addKey(), await database.addKey()];
    const changeOther = (name: string) =>
      database.pool.query(
        `select set_config('lock_timeout', '200ms', true); update api_keys set name = '${name}' where id = '${other.keyId}'`,
      );
    await client.query('begin');
    await client.query('update api_keys set revoked_at = now() where id = $1', [open.keyId]);
    await changeOther('not held up');
    await client.query('set constraints all immediate');
    await expect(changeOther('held up')).rejects.toThrow('lock timeout');
    await client.query('commit');
  });

  test('without its row every change of a credential fails', async () => {
    await client.query('begin');
    await client.query('delete from access_version');
    await client.query('update partners set is_active = not is_active');
    await expect(client.query('commit')).rejects.toThrow('returned no rows');
  });

  test('leases survive a database crash, because their table is logged', async () => {
    const { rows } = await client.query(`select relpersistence from pg_class where relname = 'access_lease'`);
    expect(rows).toEqual([{ relpersistence: 'p' }]);
  });
});

describe('the check of the triggers', () => {
  async function troubleAfter(sql: string): Promise<string[]> {
    await client.query('begin');
    await client.query(sql);
    const trouble = await checkTriggers((text) => client.query(text));
    await client.query('rollback');
    return trouble;
  }

  test('finds nothing in a migrated database', async () => {
    expect(await troubleAfter('select')).toEqual([]);
  });

  test.each([
    ['alter table api_keys disable trigger access_ring_update', ['api_keys.access_ring_update']],
    ['alter table api_keys enable trigger access_ring_update', ['api_keys.access_ring_update']],
    ['drop trigger access_ring_delete on key_credentials', ['key_credentials.access_ring_delete']],
    ['alter table access_change disable trigger access_stamp', ['access_change.access_stamp']],
    ['drop trigger access_stamp on access_change', ['access_change.access_stamp']],
    [
      'alter table orgs disable trigger all; alter table orgs enable trigger all',
      ['delete', 'insert', 'truncate', 'update'].map((event) => `orgs.access_ring_${event}`),
    ],
  ])('names the trigger that %s disables', async (sql, silenced) => {
    expect(await troubleAfter(sql)).toEqual(silenced);
  });
});

describe('a later migration', () => {
  let dataSource: DataSource;
  beforeAll(async () => {
    dataSource = await new DataSource({ type: 'postgres', url: database.url, installExtensions: false }).initialize();
  });
  afterAll(() => dataSource?.destroy());

  test('adds a table with one call, and drops it completely', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.query('create table gadgets (id uuid primary key, org_id uuid, name text)');
    await ringOnChange(runner, { table: 'gadgets', tag: 'gadget', idColumn: 'id', columns: ['org_id'] });
    const id = randomUUID();
    await client.query('insert into gadgets (id) values ($1)', [id]);
    const heard = await heardOfSql('update gadgets set org_id = id');
    const missing = await heardOfSql(`update gadgets set name = 'x'`);
    await runner.query('drop table gadgets');
    await runner.release();
    expect([heard, missing]).toEqual([oneChange(`gadget:${id}`), NOTHING]);
    expect(await checkTriggers((text) => client.query(text))).toEqual([]);
  });

  test.each([
    ['a column that is not there', 'id', ['mistyped'], 'mistyped'],
    ['an id that may be null', 'org_id', [], 'must be NOT NULL'],
  ])('fails at %s', async (_what, idColumn, columns, message) => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('create table gadgets (id uuid primary key, org_id uuid)');
    await expect(ringOnChange(runner, { table: 'gadgets', tag: 'gadget', idColumn, columns })).rejects.toThrow(message);
    await runner.rollbackTransaction();
    await runner.release();
  });

  test('can be reverted and applied again', async () => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    const migration = new Freshness1763800000002();
    await migration.down(runner);
    await runner.query('update partners set is_active = not is_active');
    const left = await runner.query(`select relname from pg_class where relname like 'access\\_%'`);
    await migration.up(runner);
    await runner.commitTransaction();
    await runner.release();
    expect(left).toEqual([]);
    expect(await checkTriggers((text) => client.query(text))).toEqual([]);
  });
});
