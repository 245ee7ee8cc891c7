import pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { MIGRATIONS } from '../../../migrations/index.js';
import { connectionSettings, type DatabaseTimeouts } from './connection-settings.js';
import { ReadableNames } from './naming.js';
import { QueueingPool } from './queueing-pool.js';

export type EntityClass = new () => object;

export interface DataSourceSettings {
  readonly url: string;
  /** Default: those of the default settings. */
  readonly timeouts?: DatabaseTimeouts;
  readonly poolSize: number;
  readonly entities: readonly EntityClass[];
  /** Sends a statement although its connection waits for the answer to another one. */
  readonly isPipelining?: boolean;
}

export function createDataSource(settings: DataSourceSettings): DataSource {
  const { url, timeouts, poolSize, entities, isPipelining = false } = settings;
  const { connectionString, ...extra } = connectionSettings(url, timeouts);
  return new DataSource({
    type: 'postgres',
    url: connectionString,
    driver: { ...pg, Pool: QueueingPool },
    entities: [...entities],
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    migrationsTableName: 'migrations',
    namingStrategy: new ReadableNames(),
    poolSize,
    synchronize: false,
    logging: false,
    // The application makes ids, so no extension is needed, nor the privilege to install one.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    extra: { ...extra, pipeline: isPipelining },
  });
}

/** The pool that TypeORM takes its connections from. */
export function poolOf(dataSource: DataSource): QueueingPool {
  return (dataSource.driver as PostgresDriver).master as QueueingPool;
}
