import pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { MIGRATIONS } from '../../../migrations/index.js';
import { connectionSettings } from './connection-settings.js';
import { ReadableNames } from './naming.js';

export type EntityClass = new () => object;

export interface DataSourceSettings {
  readonly url: string;
  readonly poolSize: number;
  readonly entities: readonly EntityClass[];
  /** By default pg's own. */
  readonly Pool?: typeof pg.Pool;
}

export function createDataSource({ url, poolSize, entities, Pool = pg.Pool }: DataSourceSettings): DataSource {
  const { connectionString, ...extra } = connectionSettings(url);
  return new DataSource({
    type: 'postgres',
    url: connectionString,
    driver: { ...pg, Pool },
    entities: [...entities],
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    migrationsTableName: 'migrations',
    namingStrategy: new ReadableNames(),
    poolSize,
    synchronize: false,
    logging: false,
    // Ids are made in the application, so no extension is needed, nor the right to install one.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    extra,
  });
}

/** The pool that TypeORM takes its connections from. */
export function poolOf(dataSource: DataSource): pg.Pool {
  return (dataSource.driver as PostgresDriver).master as pg.Pool;
}
