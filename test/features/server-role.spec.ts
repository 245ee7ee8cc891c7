import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { excessRights } from '../../src/core/database/server-role.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.js';
import { gatehouse } from '../support/gatehouse.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const APPEND_ONLY = ['INSERT', 'SELECT'];
const READ_ONLY = ['SELECT'];
/** Tables on which the server lacks some of SELECT, INSERT, UPDATE and DELETE, with what it has. */
const NARROWED: Readonly<Record<string, readonly string[]>> = {
  access_change: ['DELETE', 'SELECT'],
  access_ringing_table: READ_ONLY,
  access_version: READ_ONLY,
  audit_entries: APPEND_ONLY,
  audit_heads: ['INSERT', 'SELECT', 'UPDATE'],
  audit_keys: ['INSERT', 'SELECT', 'UPDATE'],
  installation: APPEND_ONLY,
  migrations: READ_ONLY,
};

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

describe('the role that the server runs as', () => {
  let database: TestDatabase;
  let server: pg.Client;
  let owner: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    [server, owner] = [await connect(database.serverUrl), await connect(database.url)];
  });
  afterAll(async () => {
    await Promise.all([server.end(), owner.end()]);
    await database.drop();
  });

  test('is no superuser, and cannot change roles, databases, replication or row-level security', async () => {
    const { rows } = await server.query(`
      SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS is_mighty,
        (SELECT count(*)::int FROM pg_auth_members WHERE member = pg_roles.oid) AS memberships
      FROM pg_roles WHERE rolname = current_user`);
    expect(rows).toEqual([{ is_mighty: false, memberships: 0 }]);
  });

  test('owns nothing', async () => {
    const { rows } = await owner.query(
      `SELECT classid::regclass::text, objid FROM pg_shdepend
       WHERE refobjid = to_regrole($1) AND deptype = 'o' AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))`,
      [new URL(database.serverUrl).username],
    );
    expect(rows).toEqual([]);
  });

  test('can write to every table except append-only and read-only ones', async () => {
    const { rows } = await server.query<{ table: string; privileges: string[] }>(`
      SELECT relname AS "table", array_agg(privilege ORDER BY privilege) AS privileges
      FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace,
        unnest(ARRAY['DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE']) privilege
      WHERE nspname IN ('public', 'pgboss') AND relkind IN ('r', 'p')
        AND has_table_privilege(pg_class.oid, privilege)
      GROUP BY pg_class.oid, relname`);
    const wanted = rows.map(({ table }) => ({
      table,
      privileges: NARROWED[table] ?? ['DELETE', 'INSERT', 'SELECT', 'UPDATE'],
    }));
    expect(rows).toEqual(wanted);
    expect(rows.map(({ table }) => table)).toEqual(
      expect.arrayContaining([...Object.keys(NARROWED), 'contacts', 'job']),
    );
  });

  test.each([
    'CREATE TABLE mine (id int)',
    'CREATE TABLE pgboss.mine (id int)',
    'CREATE SCHEMA mine',
    'CREATE ROLE mine',
    'TRUNCATE contacts',
    'TRUNCATE audit_entries',
    `UPDATE audit_entries SET actor_name = 'Another'`,
    'DELETE FROM audit_entries',
    'DELETE FROM audit_heads',
    'UPDATE access_version SET version = 0',
    'DELETE FROM migrations',
    'ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only',
    'ALTER TABLE api_keys DISABLE TRIGGER ALL',
    'DROP TRIGGER audit_entries_append_only ON audit_entries',
    'CREATE TRIGGER mine AFTER INSERT ON api_keys FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()',
    'CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE sql AS $$ SELECT 1 $$',
    'DROP TABLE contacts',
    'SET session_replication_role = replica',
  ])('is refused: %s', async (statement) => {
    await expect(server.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  test('has excess rights reported by the doctor and revoked by the next migration', async () => {
    const role = pg.escapeIdentifier(new URL(database.serverUrl).username);
    await owner.query(`GRANT TRUNCATE ON contacts TO ${role}; GRANT DELETE ON audit_entries TO ${role}`);
    const settings = { DATABASE_URL: database.serverUrl, DATABASE_OWNER_URL: database.url, ENCRYPTION_KEY };
    const { code, stdout } = await gatehouse(settings, 'doctor');
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(/PROBLEM +roles: .* may delete audit_entries, may truncate contacts/),
    });
    expect(await gatehouse(settings, 'migrate')).toMatchObject({ code: 0 });
    expect((await excessRights(server)).rights).toEqual([]);
  });
});

test('a missing server role is created by an owner with the right to, and reported otherwise', async () => {
  const database = await createEmptyDatabase();
  const admin = await connect(database.url);
  const prefix = inject('databaseServerRole').name.replace(/server$/, '');
  const password = randomBytes(16).toString('hex');
  const urlOf = (role: string) => Object.assign(new URL(database.url), { username: role, password }).href;
  const settings = { LOG_LEVEL: 'silent', DATABASE_URL: urlOf(`${prefix}Missing`), ENCRYPTION_KEY };
  try {
    await admin.query(
      `CREATE ROLE ${prefix}plain LOGIN PASSWORD '${password}'; GRANT CREATE ON SCHEMA public TO ${prefix}plain`,
    );
    await admin.query(`GRANT CREATE ON DATABASE ${new URL(database.url).pathname.slice(1)} TO ${prefix}plain`);
    const plain = await gatehouse({ ...settings, DATABASE_OWNER_URL: urlOf(`${prefix}plain`) }, 'migrate');
    expect(plain).toMatchObject({ code: 1, stderr: expect.stringContaining(`CREATE ROLE "${prefix}Missing" LOGIN`) });
    expect(plain.stderr).not.toContain(password);
    await admin.query(`ALTER ROLE ${prefix}plain CREATEROLE`);
    const maker = await gatehouse({ ...settings, DATABASE_OWNER_URL: urlOf(`${prefix}plain`) }, 'migrate');
    expect(maker).toMatchObject({ code: 0, stderr: '' });
    expect(await gatehouse(settings, 'doctor')).toMatchObject({ code: 0, stderr: '' });
  } finally {
    await admin.end();
    await database.drop();
  }
});

describe('an installation of one role', () => {
  const ownerRole = inject('databaseServerRole').name.replace(/server$/, 'owner');
  const password = randomBytes(16).toString('hex');
  let admin: pg.Client;
  let database: TestDatabase;
  let ownerUrl: string;
  const settings = () => ({ LOG_LEVEL: 'silent', DATABASE_URL: ownerUrl, ENCRYPTION_KEY });
  const twoRoles = () => ({ ...settings(), DATABASE_URL: database.serverUrl, DATABASE_OWNER_URL: ownerUrl });

  beforeAll(async () => {
    database = await createEmptyDatabase();
    const url = new URL(database.url);
    const name = url.pathname.slice(1);
    Object.assign(url, { username: ownerRole, password });
    ownerUrl = url.href;
    admin = await connect(database.url);
    await admin.query(
      `CREATE ROLE ${ownerRole} LOGIN PASSWORD '${password}'; ALTER DATABASE ${name} OWNER TO ${ownerRole}`,
    );
  });
  afterAll(async () => {
    await admin.end();
    await database.drop();
  });

  test('is not migrated by a role without the rights: the error names the missing setting, and nothing is created', async () => {
    const alone = { ...settings(), DATABASE_URL: database.serverUrl };
    const { code, stderr } = await gatehouse(alone, 'migrate');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/DATABASE_OWNER_URL is required: .*\n$/),
    });
    expect((await admin.query(`SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`)).rowCount).toBe(0);
  });

  test('works, and the doctor recommends a second role', async () => {
    expect(await gatehouse(settings(), 'migrate')).toMatchObject({ code: 0, stderr: '' });
    expect(await gatehouse(settings(), 'partner', 'create', '--name', 'Acme')).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout } = await gatehouse(settings(), 'doctor');
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: expect.stringMatching(/PROBLEM +roles: .* owns .*run "CREATE ROLE gatehouse_server LOGIN PASSWORD/),
    });
  });

  test('refuses a second role until the owner has granted its rights', async () => {
    const early = await gatehouse({ ...twoRoles(), DATABASE_OWNER_URL: '' }, 'partner', 'list');
    expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('DATABASE_OWNER_URL is required') });
    expect(await gatehouse(twoRoles(), 'migrate')).toMatchObject({ code: 0, stdout: 'The database is up to date.\n' });
    expect(await gatehouse(twoRoles(), 'doctor')).toMatchObject({ code: 0 });
    const list = await gatehouse({ ...twoRoles(), DATABASE_OWNER_URL: '' }, 'partner', 'list', '--json');
    expect(JSON.parse(list.stdout)).toMatchObject({ items: [{ name: 'Acme' }] });
  });
});
