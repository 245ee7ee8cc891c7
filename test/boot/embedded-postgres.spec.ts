import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/until.js';
import { Clone, isServing, type CloneShape } from './embedded-postgres-clone.js';

const isRoot = process.getuid?.() === 0;

const ROLES = `
  select rolname as name, rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as is_mighty
  from pg_roles where rolname !~ '^pg_' order by 1`;
/** The owners of all objects in the database except the system's. */
const OWNERS = `
  select 'the database' as what, pg_get_userbyid(datdba) as owner from pg_database where datname = current_database()
  union all select relname, pg_get_userbyid(relowner) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
  union all select proname, pg_get_userbyid(proowner) from pg_proc where pronamespace = 'public'::regnamespace
  union all select typname, pg_get_userbyid(typowner) from pg_type where typnamespace = 'public'::regnamespace and typtype = 'e'
  union all select 'jobs.' || relname, pg_get_userbyid(relowner) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = 'jobs' and relkind in ('r', 'S')
  order by 1`;
/** A cluster as created before there were three roles, with an object of each kind. */
const WITH_ONE_ROLE = `
  alter database gatehouse owner to gatehouse;
  drop owned by gatehouse_owner, gatehouse_server;
  drop role gatehouse_owner, gatehouse_server;
  create table kept (id int generated always as identity);
  create function kept_of(id int) returns int language sql as 'select id';
  create type job_kind as enum ('one');
  create schema jobs;
  create table jobs.name (kind job_kind);
  create sequence jobs.made`;

describe('the embedded Postgres, used by real processes', () => {
  let clone: Clone;
  beforeAll(async () => void (clone = await Clone.make()));
  afterEach(() => clone.stopAll());
  afterAll(() => clone.remove());

  test('three processes that open a new data directory concurrently share one server, which the last one stops', async () => {
    const users = [clone.start(), clone.start(), clone.start()];
    const opened = await Promise.all(users.map((user) => user.opened()));
    const { url, directory } = opened[0]!;
    expect(new Set(opened.map((each) => each.url))).toEqual(new Set([url]));

    expect(await Promise.all(users.map((user) => user.close()))).toEqual([0, 0, 0]);
    expect(await isServing(directory)).toBe(false);
  });

  test('three processes that open a stopped cluster concurrently share one server', async () => {
    await (await clone.open()).close();
    const users = [clone.start(), clone.start(), clone.start()];
    const urls = await Promise.all(users.map(async (user) => (await user.opened()).url));
    expect(new Set(urls).size).toBe(1);
    await Promise.all(users.map((user) => user.close()));
  });

  test('it uses UTF-8, code point order and UTC, and accepts only loopback connections with the password', async () => {
    const { url, directory } = await (await clone.open()).opened();
    const [row] = await query(
      url,
      `select current_database() as database, pg_encoding_to_char(encoding) as encoding, datlocale as locale,
              'B' < 'a' as by_code_point, current_setting('timezone') as timezone,
              current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
              (select array_agg(distinct auth_method) from pg_hba_file_rules) as methods
         from pg_database where datname = current_database()`,
    );
    expect(row).toEqual({
      database: 'gatehouse',
      encoding: 'UTF8',
      locale: 'C.UTF-8',
      by_code_point: true,
      timezone: 'UTC',
      addresses: '127.0.0.1',
      sockets: '',
      methods: ['scram-sha-256'],
    });
    await expect(query(url.replace(/:[^:@/]+@/, ':wrong@'), 'select 1')).rejects.toThrow(
      'password authentication failed',
    );
    expect((await stat(join(directory, 'password'))).mode & 0o777).toBe(0o600);
  });

  test('the process that started the server leaves it running for other users', async () => {
    const [server, cli] = [await clone.open(), await clone.open()];
    const { url, directory } = await cli.opened();
    expect(await server.close()).toBe(0);
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await cli.close()).toBe(0);
    expect(await isServing(directory)).toBe(false);
  });

  test('after kill -9 the server keeps running, and the next process uses and stops it', async () => {
    const killed = await clone.open();
    const { url, directory } = await killed.opened();
    await query(url, 'create table survivor (id int)');
    await killed.kill();
    expect(await query(url, 'select * from survivor')).toEqual([]);

    const next = await clone.open();
    expect((await next.opened()).url).toBe(url);
    await query(url, 'drop table survivor');
    await next.close();
    expect(await isServing(directory)).toBe(false);
  });

  test('a killed process does not count as a user', async () => {
    const [living, killed] = [await clone.open(), await clone.open()];
    const { directory } = await living.opened();
    await killed.kill();
    await living.close();
    expect(await isServing(directory)).toBe(false);
  });

  test('a process whose session was lost in a backend crash still counts as a user', async () => {
    const [server, cli] = [await clone.open(), await clone.open()];
    const { url, directory } = await server.opened();
    // A new session takes the lock some time after it has started.
    const holders = `
      select pid from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and granted and application_name like 'gatehouse presence %'`;
    const before = await query(url, holders);
    process.kill(before[0]!['pid'] as number, 'SIGKILL');
    await until('both processes hold the lock again', async () => {
      const now = await query(url, holders).catch(() => []);
      return now.length === 2 && now.every(({ pid }) => before.every((old) => old['pid'] !== pid));
    });
    await cli.close();
    expect(await isServing(directory)).toBe(true);
    await server.close();
    expect(await isServing(directory)).toBe(false);
  });

  test.each([
    ['names a process id that another program has now', (old: string, pid: number) => old.replace(/^\d+/, String(pid))],
    ['was left empty by a power cut', () => ''],
  ])('a lock file from a crash that %s does not stop the start', async (_what, stale) => {
    const crashed = await clone.open();
    const { directory } = await crashed.opened();
    const lockFile = join(directory, 'data', 'postmaster.pid');
    const content = await readFile(lockFile, 'utf8');
    await crashed.kill();
    process.kill(Number.parseInt(content, 10), 'SIGKILL');
    await until('the server is dead', async () => !(await isServing(directory)));

    const { uid, gid } = await stat(join(directory, 'data'));
    const innocent = spawn('sleep', ['600'], isRoot ? { uid, gid, cwd: '/' } : {});
    try {
      await once(innocent, 'spawn');
      await writeFile(lockFile, stale(content, innocent.pid!));
      await utimes(lockFile, 0, 0);
      await (await clone.open()).close();
      expect(innocent.exitCode ?? innocent.signalCode).toBe(null);
    } finally {
      innocent.kill('SIGKILL');
    }
  });

  test('its server role owns nothing, and no superuser owns the tables', async () => {
    const { url, serverUrl } = await (await clone.open()).opened();
    expect(await query(serverUrl, 'select current_user::text as role')).toEqual([{ role: 'gatehouse_server' }]);
    await expect(query(serverUrl, 'create table mine (id int)')).rejects.toThrow('permission denied');
    expect(await query(url, ROLES)).toEqual([
      { name: 'gatehouse', is_mighty: true },
      { name: 'gatehouse_owner', is_mighty: false },
      { name: 'gatehouse_server', is_mighty: false },
    ]);
    expect(await query(url, OWNERS)).toEqual([{ what: 'the database', owner: 'gatehouse_owner' }]);
  });

  test('a cluster created with one role is given to its owner on open', async () => {
    const old = await clone.open();
    const { url } = await old.opened();
    await query(url, WITH_ONE_ROLE);
    expect(await query(url, ROLES)).toEqual([{ name: 'gatehouse', is_mighty: true }]);
    await old.close();

    const users = [clone.start(), clone.start()];
    const [{ url: again, serverUrl }] = [await users[0]!.opened(), await users[1]!.opened()];
    const owners = await query(again, OWNERS);
    expect(owners.map(({ what }) => what)).toEqual([
      'job_kind',
      'jobs.made',
      'jobs.name',
      'kept',
      'kept_of',
      'the database',
    ]);
    expect(new Set(owners.map(({ owner }) => owner))).toEqual(new Set(['gatehouse_owner']));
    expect(await query(serverUrl, 'select current_user::text as role')).toEqual([{ role: 'gatehouse_server' }]);
    await Promise.all(users.map((user) => user.close()));
  });

  test('a server that cannot start is reported in one sentence with the log of Postgres', async () => {
    await (await clone.open()).close();
    const message = await clone.start({ shared_buffers: 'plenty' }).failure();
    expect(message).toMatch(/^The embedded Postgres of .+: the server did not start: .*shared_buffers.*plenty/);
    expect(message).not.toContain('\n');
  });
});

describe('the embedded Postgres in an unusual environment', () => {
  const clones: Clone[] = [];
  const make = async (shape: CloneShape) => {
    const clone = await Clone.make(shape);
    clones.push(clone);
    return clone;
  };
  afterEach(() => Promise.all(clones.splice(0).map((clone) => clone.remove())));

  test('a clone in a private folder works, and as root the database is in /var/lib/gatehouse, as the log says', async () => {
    const clone = await make({ mode: 0o700, package: 'copied' });
    const user = await clone.open();
    const { url, directory } = await user.opened();
    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(directory).toMatch(isRoot ? /^\/var\/lib\/gatehouse\/[0-9a-f]{16}\/postgres$/ : /\/\.data\/postgres$/);
    expect(user.log.filter((line) => line.includes('cannot reach'))).toEqual(
      isRoot ? [expect.stringContaining(`cannot reach ${clone.dataDir}: the database goes to ${directory}`)] : [],
    );
    expect(await user.close()).toBe(0);

    const again = await clone.open();
    expect((await again.opened()).directory).toBe(directory);
    await again.close();
    expect(await isServing(directory)).toBe(false);
  });

  test('missing symlinks of the package lead to the advice "npm rebuild"', async () => {
    const clone = await make({ package: 'without symlinks' });
    expect(await clone.start().failure()).toMatch(/its programs do not run here \(.*\.so.*\); run "npm rebuild"/);
  });

  test('a missing package leads to the advice to set DATABASE_URL', async () => {
    const clone = await make({ package: 'missing' });
    expect(await clone.start().failure()).toMatch(/is not installed; set DATABASE_URL/);
  });

  test('a data directory that cannot be created is named', async () => {
    const clone = await make({});
    await writeFile(clone.dataDir, 'a file where the folder should be');
    expect(await clone.start().failure()).toContain(clone.dataDir);
    await rm(clone.dataDir);
  });
});

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
