import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createDataSource } from '../../core/database/data-source.js';
import { runMigrations, schemaDrift } from '../../core/database/migrate.js';
import { ENTITIES } from '../../entities.js';

const LEFT_OVER = `
  SELECT relname AS name FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v', 'S') AND relname NOT LIKE 'migrations%'
  UNION SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace`;

/**
 * Runs every migration in a scratch database on that server, compares the schema with the entities, reverts everything
 * and migrates again.
 * @returns one sentence per problem
 */
export async function checkMigrations(serverUrl: string): Promise<string[]> {
  const name = `gatehouse_check_${randomBytes(6).toString('hex')}`;
  const scratch = new URL(serverUrl);
  scratch.pathname = `/${name}`;
  await query(serverUrl, `CREATE DATABASE ${name}`);
  try {
    await runMigrations(scratch.href);
    const drift = (await schemaDrift(scratch.href, ENTITIES)).map((sql) => `The entities require: ${sql}`);
    await undoMigrations(scratch.href);
    const left = (await query(scratch.href, LEFT_OVER)).map((row) => `Its "down" leaves behind: ${row.name}`);
    await runMigrations(scratch.href);
    return [...drift, ...left];
  } finally {
    await query(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

async function undoMigrations(url: string): Promise<void> {
  const dataSource = await createDataSource({ url, poolSize: 2, entities: [] }).initialize();
  try {
    for (const _ of dataSource.migrations) await dataSource.undoLastMigration({ transaction: 'each' });
  } finally {
    await dataSource.destroy();
  }
}

async function query(url: string, text: string): Promise<{ name: string }[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'gatehouse migrate check' });
  // Without a listener, a lost connection would end the process. The next query fails anyway.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
