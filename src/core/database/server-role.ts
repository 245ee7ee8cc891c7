import pg from 'pg';
import { ConfigError } from '../config/setting-reader.js';
import { isPermissionDenied } from '../errors/postgres-error.js';
import { JOB_SCHEMA } from './job-tables.js';

/** Of tables that the server may not change in every way; it may read, insert, update and delete in all others. */
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
 * Relations of the owner ($1: the server's role, $2: the narrowed tables' privileges, $3: the job queue's schema) whose
 * privileges aren't the wanted ones. Only the role's own count, for what PUBLIC has can't be taken from one role.
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

/** The role that a URL names, as pg reads it. */
export function roleIn(url: string): string {
  return new pg.Client({ connectionString: url }).user ?? '';
}

/**
 * Makes the server's role if it is missing, gives it what it needs of every table, and takes away what it doesn't need.
 * Changes nothing where the privileges are the wanted ones, so that running servers keep their plans.
 * @param client connected as the owner, alone at it
 * @throws ConfigError when the role is missing and the owner may not make it
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
  // As one message it is one transaction: a running server never finds a table without its privileges.
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
    throw new ConfigError([`DATABASE_URL names a role that is missing, and its owner may not make it: ${advice}`]);
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
 * What the role of this connection may do that the server's must not, as `owns contacts`; empty when all is well.
 * Of a superuser, and of the tables' owner, nothing else is named: the rest follows from it.
 */
export async function excessRights(client: pg.ClientBase): Promise<{ role: string; rights: string[] }> {
  const { rows } = await client.query(RIGHTS, [JSON.stringify(NARROWED), JOB_SCHEMA]);
  const { role, rights } = rows[0] as { role: string; rights: string[] };
  const root = rights.find((right) => right === 'is a superuser' || right.startsWith('owns '));
  return { role, rights: root === undefined ? rights : [root] };
}
