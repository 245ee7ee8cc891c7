import pg from 'pg';
import { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { MIGRATIONS } from '../../migrations/index.js';

/** A database at an older migration. */
export interface OldDatabase {
  readonly name: string;
  readonly url: string;
}

/** The URL of a new database name of this run, which the run drops. Does not create it. */
export function oldDatabase(what: string): OldDatabase {
  const name = inject('databaseTemplate').replace(/template$/, `upgrade_${what}`);
  const url = new URL(inject('databaseAdminUrl'));
  url.pathname = `/${name}`;
  return { name, url: url.href };
}

/** @param migrationCount the number of applied migrations afterwards */
export async function migrateTo(url: string, migrationCount: number): Promise<void> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS.slice(0, migrationCount),
    migrationsTableName: 'migrations',
    installExtensions: false,
  });
  await dataSource.initialize();
  await dataSource.runMigrations({ transaction: 'each' });
  await dataSource.destroy();
}

export async function runSql<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values?: unknown[],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const result = await client.query<Row>(sql, values).finally(() => client.end());
  return result.rows;
}
