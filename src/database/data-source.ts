import pg from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../migrations/index.js';
import { ReadableNames } from './naming.js';
import { PatientPool } from './patient-pool.js';

export type EntityClass = new () => object;

export interface DatabaseSettings {
  readonly url: string;
  readonly poolSize: number;
  readonly entities: readonly EntityClass[];
}

/**
 * No request waits for the database longer than 5 s: 1.5 s for a connection and 3 s for a statement. The server's own
 * limit ends a statement that a client gave up on.
 */
const CONNECT_TIMEOUT_MS = 1_500;
export const STATEMENT_TIMEOUT_MS = 3_000;

/** What every connection of ours is opened with, pooled or not. */
export function connectionSettings(url: string) {
  return {
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'gatehouse',
    keepAlive: true,
    // A connection that was closed for idling would have to be opened anew in the next rush.
    idleTimeoutMillis: 0,
  };
}

export function createDataSource({ url, poolSize, entities }: DatabaseSettings): DataSource {
  const { connectionString, ...extra } = connectionSettings(url);
  return new DataSource({
    type: 'postgres',
    url: connectionString,
    driver: { ...pg, Pool: PatientPool },
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
