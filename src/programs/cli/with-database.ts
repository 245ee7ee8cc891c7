import pg from 'pg';
import type { Config } from '../../core/config/config.js';
import { connectionSettings } from '../../core/database/connection-settings.js';
import { openEmbeddedPostgres } from '../../core/database/embedded-postgres/embedded-postgres.js';
import type { Log } from '../../core/logging/log.js';

/** The URLs of a database, before a connection is open. */
export interface DatabaseAddress {
  readonly url: string;
  /** Past any transaction pooler. */
  readonly directUrl: string;
  /** As the role that owns the tables; undefined if not configured. */
  readonly ownerUrl: string | undefined;
  /** As the role that most likely may create scratch databases. */
  readonly adminUrl: string;
  /** The folder of the embedded cluster; undefined for a configured database. */
  readonly embeddedIn: string | undefined;
}

/** Runs `work` on the configured database, or starts the embedded one for its duration. Changes nothing in it. */
export async function withDatabase<T>(
  config: Config,
  log: Log,
  work: (address: DatabaseAddress) => Promise<T>,
): Promise<T> {
  const { databaseUrl: url, databaseOwnerUrl: ownerUrl, dataDir } = config;
  if (url) {
    const directUrl = config.databaseDirectUrl ?? url;
    return work({ url, directUrl, ownerUrl, adminUrl: ownerUrl ?? directUrl, embeddedIn: undefined });
  }
  const cluster = await openEmbeddedPostgres({ dataDir, log: (line) => log.info(line) });
  try {
    const { serverUrl, ownerUrl, url: adminUrl, directory } = cluster;
    return await work({ url: serverUrl, directUrl: serverUrl, ownerUrl, adminUrl, embeddedIn: directory });
  } finally {
    await cluster.close();
  }
}

/** Runs `work` on one connection with the settings of the pool. */
export async function connectAndRun<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(connectionSettings(url));
  // Without a listener, a lost connection would end the process. The next query fails anyway.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
