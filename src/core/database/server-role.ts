import pg from 'pg';
import { ConfigError } from '../config/setting-reader.js';
import { isPermissionDenied } from '../errors/postgres-error.js';
import { JOB_SCHEMA } from './job-tables.js';

/** Privileges on tables that the server may not change freely. On all others it may select, insert, update and delete. */
const NARROWED: Readonly<Record<string, readonly string[]>> = {
  migrations: ['SELECT'],
  installation: ['INSERT', 'SELECT'],
  audit_entries: ['INSERT', 'SELECT'],
  audit_heads: ['INSERT', 'SELECT', 'UPDATE'],
  audit_keys: ['INSERT', 'SELECT', 'UPDATE'],
  // Functions that run as the owner write these.
  access_version: ['SELECT'],
  access_change: ['DELETE', 'SELECT'],
  access_ringing_table: ['SELECT'],
};

/**
 * Relations of the owner whose privileges differ from the wanted ones ($1: the server's role, $2: the narrowed tables'
 * privileges, $3: the job queue's schema). Only privileges of the role itself count: those of PUBLIC can't be revoked from
 * one role.
 */
const DIFFERENCES = `
  select format('%I.%I', nspname, relname) as name, relkind = 'S' as "isSequence", wanted.privileges as wanted
  from pg_class
  join pg_namespace on pg_namespace.oid = relnamespace
  cross join lateral (
    select case
      when relkind = 'S' then array['SELECT', 'USAGE']
      when nspname = current_schema() and $2::jsonb ? relname
        then array(select privilege from jsonb_array_elements_text($2::jsonb -> relname) privilege order by 1)
      else array['DELETE', 'INSERT', 'SELECT', 'UPDATE']
    end as privileges
  ) wanted
  cross join lateral (
    select array(
      select privilege_type from aclexplode(relacl) where grantee = to_regrole(quote_ident($1)) order by 1
    ) as privileges
  ) actual
  where nspname in (current_schema(), $3) and relkind in ('r', 'p', 'v', 'S') and pg_has_role(relowner, 'USAGE')
    -- The server reaches partitions through their parent; pg-boss names its own.
    and not (relispartition and nspname = current_schema())
    and actual.privileges <> wanted.privileges
  order by 1`;

const SCHEMAS_WITHOUT_USAGE = `
  select nspname as name from pg_namespace
  where nspname in (current_schema(), $2) and not has_schema_privilege($1, oid, 'USAGE')`;

interface Difference {
  /** Quoted, with its schema. */
  readonly name: string;
  readonly isSequence: boolean;
  readonly wanted: readonly string[];
}

/** The role in a URL, as pg parses it. */
export function roleIn(url: string): string {
  return new pg.Client({ connectionString: url }).user ?? '';
}

/**
 * Creates the server's role if it is missing, grants it the privileges it needs on every table, and revokes others. Does
 * nothing where the privileges are right, because a GRANT makes running servers plan their statements again.
 * @param client connected as the owner; no other process may run this at the same time
 * @throws ConfigError if the role is missing and the owner may not create it
 */
export async function grantToServer(client: pg.Client, serverUrl: string): Promise<void> {
  const role = roleIn(serverUrl);
  const { rows: roles } = await client.query(
    'select current_user = $1 as is_owner, to_regrole(quote_ident($1)) is not null as exists',
    [role],
  );
  if (roles[0].is_owner) return;
  if (!roles[0].exists) await createRole(client, serverUrl);
  const grantee = pg.escapeIdentifier(role);
  const schemas = await client.query<{ name: string }>(SCHEMAS_WITHOUT_USAGE, [role, JOB_SCHEMA]);
  const tables = await client.query<Difference>(DIFFERENCES, [role, JSON.stringify(NARROWED), JOB_SCHEMA]);
  const statements = [
    ...schemas.rows.map(({ name }) => `grant usage on schema ${pg.escapeIdentifier(name)} to ${grantee}`),
    ...tables.rows.flatMap(({ name, isSequence, wanted }) => {
      const object = isSequence ? `sequence ${name}` : name;
      return [`revoke all on ${object} from ${grantee}`, `grant ${wanted.join(', ')} on ${object} to ${grantee}`];
    }),
  ];
  // One message is one transaction: a running server never meets a table without its privileges.
  if (statements.length > 0) await client.query(statements.join(';\n'));
}

async function createRole(client: pg.Client, serverUrl: string): Promise<void> {
  const { user = '', password } = new pg.Client({ connectionString: serverUrl });
  const create = `CREATE ROLE ${pg.escapeIdentifier(user)} LOGIN PASSWORD`;
  try {
    await client.query(`${create} ${pg.escapeLiteral(password ?? '')}`);
  } catch (error) {
    if (!isPermissionDenied(error)) throw error;
    const advice = `run "${create} '…'" as a superuser`;
    throw new ConfigError([`DATABASE_URL names a role that is missing, and the owner may not create it: ${advice}`]);
  }
}

const RIGHTS = `
  select current_user as role,
    array(select label from (values
      (rolsuper, 'is a superuser'),
      (rolbypassrls, 'bypasses row-level security'),
      (rolreplication, 'may replicate'),
      (rolcreaterole, 'may create roles'),
      (has_database_privilege(current_database(), 'CREATE'), 'may create schemas')
    ) right_of (has, label) where has)
    || array(select format('may create in the schema %s', nspname) from pg_namespace
      where nspname in (current_schema(), $2) and has_schema_privilege(oid, 'CREATE'))
    || array(select format('owns %s', pg_class.oid::regclass) from pg_class
      where relnamespace in (select oid from pg_namespace where nspname in (current_schema(), $2))
        and relkind in ('r', 'p') and pg_has_role(relowner, 'USAGE') order by relname limit 1)
    || array(select format('may %s %s', lower(privilege), pg_class.oid::regclass)
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      cross join unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) privilege
      where nspname in (current_schema(), $2) and relkind in ('r', 'p') and has_table_privilege(pg_class.oid, privilege)
        and (privilege in ('TRUNCATE', 'TRIGGER', 'REFERENCES')
          or nspname = current_schema() and $1::jsonb ? relname and not $1::jsonb -> relname ? privilege)
      order by relname, privilege limit 3)
    as rights
  from pg_roles where rolname = current_user`;

/**
 * Rights of this connection's role that the server's role must not have, such as `owns contacts`; empty if there are none.
 * For a superuser or the tables' owner that right alone, since all others follow from it.
 */
export async function excessRights(client: pg.ClientBase): Promise<{ role: string; rights: string[] }> {
  const { rows } = await client.query(RIGHTS, [JSON.stringify(NARROWED), JOB_SCHEMA]);
  const { role, rights } = rows[0] as { role: string; rights: string[] };
  const root = rights.find((right) => right === 'is a superuser' || right.startsWith('owns '));
  return { role, rights: root === undefined ? rights : [root] };
}
