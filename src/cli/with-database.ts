import pg from 'pg';
import type { Config } from '../config/config.js';
import { connectionSettings } from '../database/data-source.js';
import { openEmbeddedPostgres } from '../database/embedded-postgres/embedded-postgres.js';
import type { Log } from '../logging/log.js';

/** Where a database is, before anybody has opened it. */
export interface DatabaseAddress {
  readonly url: string;
  /** Past any transaction pooler. */
  readonly directUrl: string;
  /** The folder of the embedded cluster; undefined: the database is somebody else's. */
  readonly embeddedIn: string | undefined;
}

/** Runs `work` on the configured database or, while it lasts, on the embedded one. Changes nothing in it. */
export async function withDatabase<T>(
  config: Config,
  log: Log,
  work: (address: DatabaseAddress) => Promise<T>,
): Promise<T> {
  const { databaseUrl: url, dataDir } = config;
  if (url) return work({ url, directUrl: config.databaseDirectUrl ?? url, embeddedIn: undefined });
  const cluster = await openEmbeddedPostgres({ dataDir, log: (line) => log.info(line) });
  try {
    return await work({ url: cluster.url, directUrl: cluster.url, embeddedIn: cluster.directory });
  } finally {
    await cluster.close();
  }
}

/** Runs `work` on one connection, made as the pool's are. */
export async function connectAndRun<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connectionSettings(url));
  // Without a listener, a server that goes away would end the process; the next query says so.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
