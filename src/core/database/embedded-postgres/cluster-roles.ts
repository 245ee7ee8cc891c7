import { createHmac } from 'node:crypto';
import pg from 'pg';

/** Only manages the cluster. */
export const SUPERUSER = 'gatehouse';
export const DATABASE = 'gatehouse';
/** Owns the database and runs the migrations. */
export const OWNER = 'gatehouse_owner';
/** Owns nothing; the server and the commands of the CLI connect as this role. */
export const SERVER = 'gatehouse_server';
/** Any number that no other advisory lock of a transaction uses. */
const HAND_OVER_LOCK = 7_203_118_055;

/** Derived from one secret, so that the cluster has one secret file and a crash can't separate a role from its password. */
export function passwordOf(role: string, superuserPassword: string): string {
  if (role === SUPERUSER) return superuserPassword;
  return createHmac('sha256', superuserPassword).update(role).digest('base64url');
}

export function roleStatements(role: string, superuserPassword: string): string[] {
  return [`create role ${role}`, `alter role ${role} login password '${passwordOf(role, superuserPassword)}'`];
}

/** Hands over everything outside the system schemas. Clusters of earlier versions had one role, the superuser. */
const HAND_OVER_OBJECTS = `
  do $$
  declare
    statement text;
  begin
    for statement in
      select format('alter schema %I owner to ${OWNER}', nspname) from pg_namespace
      where nspowner = '${SUPERUSER}'::regrole and nspname !~ '^(pg_|information_schema$)'
      union all
      select format('alter %s %s owner to ${OWNER}',
        case relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view' else 'table' end,
        pg_class.oid::regclass)
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relowner = '${SUPERUSER}'::regrole and relkind in ('r', 'p', 'v', 'm', 'S')
        and nspname !~ '^(pg_|information_schema$)'
        -- The sequence of a column follows its table.
        and not exists (
          select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype in ('a', 'i')
            and relkind = 'S')
      union all
      select format('alter routine %s owner to ${OWNER}', pg_proc.oid::regprocedure)
      from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
      where proowner = '${SUPERUSER}'::regrole and nspname !~ '^(pg_|information_schema$)'
      union all
      select format('alter type %s owner to ${OWNER}', pg_type.oid::regtype)
      from pg_type join pg_namespace on pg_namespace.oid = typnamespace
      where typowner = '${SUPERUSER}'::regrole and typtype in ('e', 'd') and nspname !~ '^(pg_|information_schema$)'
    loop
      execute statement;
    end loop;
  end $$`;

/** Adds the other two roles to a cluster that was made with one role. Does nothing if it has them. */
export async function handOverToOwner(superuserUrl: string, superuserPassword: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl, application_name: 'gatehouse roles' });
  // Without a listener, a lost connection would end the process. The next query fails instead.
  client.on('error', () => undefined);
  await client.connect();
  try {
    if (await isHandedOver(client)) return;
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [HAND_OVER_LOCK]);
    if (await isHandedOver(client)) return;
    const { rows } = await client.query('select rolname as name from pg_roles');
    const existing = new Set(rows.map(({ name }) => name));
    for (const role of [OWNER, SERVER]) {
      const [create, alter] = roleStatements(role, superuserPassword);
      if (!existing.has(role)) await client.query(create!);
      await client.query(alter!);
    }
    await client.query(HAND_OVER_OBJECTS);
    await client.query(`alter database ${DATABASE} owner to ${OWNER}`);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

/** The database's owner is changed last in the transaction, so it tells whether the hand-over is complete. */
async function isHandedOver(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(
    'select pg_get_userbyid(datdba) = $1 as is_handed_over from pg_database where datname = current_database()',
    [OWNER],
  );
  return rows[0].is_handed_over;
}
