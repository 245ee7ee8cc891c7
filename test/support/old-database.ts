import pg from 'pg';
import { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { MIGRATIONS } from '../../migrations/index.js';

/** A database that is migrated in steps. */
export interface OldDatabase {
  readonly name: string;
  readonly url: string;
}

/** The address of a database of this run, so that it is dropped with the run's others; it isn't created. */
export function oldDatabase(what: string): OldDatabase {
  const name = inject('databaseTemplate').replace(/template$/, `upgrade_${what}`);
  const url = new URL(inject('databaseAdminUrl'));
  url.pathname = `/${name}`;
  return { name, url: url.href };
}

/** @param migrationCount how many of the migrations it has afterwards */
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
