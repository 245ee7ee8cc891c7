import pg from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../migrations/index.js';
import { ReadableNames } from './naming.js';
import { PatientPool } from './fast-lane/patient-pool.js';

export type EntityClass = new () => object;

export interface DatabaseSettings {
  readonly url: string;
  readonly poolSize: number;
  readonly entities: readonly EntityClass[];
}

/**
 * No request waits for a silent database longer than 5 s: 1.5 s for a connection and 3.4 s for an answer. The server ends
 * a slow statement earlier: its session can roll back and go on, where one that timed out here is lost.
 */
export const CONNECT_TIMEOUT_MS = 1_500;
/** A process that starts on a busy machine is stalled itself for seconds, which a timer counts as the database's. */
export const START_CONNECT_TIMEOUT_MS = 10_000;
export const STATEMENT_TIMEOUT_MS = 3_000;
export const ANSWER_TIMEOUT_MS = 3_400;

/** What every connection of ours is opened with, pooled or not. */
export function connectionSettings(url: string, connectTimeoutMs = START_CONNECT_TIMEOUT_MS) {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: ANSWER_TIMEOUT_MS,
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
