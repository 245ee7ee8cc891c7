import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { createCopy, createEmptyDatabase, type TestDatabase } from './database.js';
import { findProgram } from './system-programs.js';

const run = promisify(execFile);

/** A backup of a database, which can be restored into a new one. */
export interface Backup {
  readonly by: string;
  restore(): Promise<TestDatabase>;
}

/**
 * Takes a backup by pg_dump if the one of the system knows this server's version, else by a copy in the server.
 * @param database that nothing is connected to
 * @param folder for the dump
 */
export async function backUp(database: TestDatabase, folder: string): Promise<Backup> {
  const version = await majorVersionOf(database.url);
  const known = findProgram('pg_dump') === undefined ? 0 : await majorVersionOfProgram();
  if (known < version) {
    const kept = await createCopy(database);
    return { by: 'a copy in the server', restore: () => createCopy(kept) };
  }
  const file = join(folder, 'gatehouse.dump');
  await run('pg_dump', ['--format=custom', `--file=${file}`, database.url]);
  return {
    by: `pg_dump ${known}`,
    restore: async () => {
      const restored = await createEmptyDatabase();
      await run('pg_restore', [`--dbname=${restored.url}`, '--exit-on-error', file]);
      return restored;
    },
  };
}

async function majorVersionOf(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query(`SELECT current_setting('server_version_num')::int / 10000 AS major`);
    return rows[0].major as number;
  } finally {
    await client.end();
  }
}

async function majorVersionOfProgram(): Promise<number> {
  return Number(/(\d+)/.exec((await run('pg_dump', ['--version'])).stdout)![1]);
}
