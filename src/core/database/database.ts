import type { OnApplicationShutdown } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import type { Config } from '../config/config.js';
import { type DatabaseTimeouts, timeoutsOf } from './connection-settings.js';
import { createDataSource, type EntityClass, poolOf } from './data-source.js';
import { openEmbeddedPostgres } from './embedded-postgres/embedded-postgres.js';
import { type FastLane, openFastLane } from './fast-lane/fast-lane.js';
import { migrateAsOwner } from './migrate.js';
import { assertNamedStatements } from './pooler-check.js';
import type { QueueingPool } from './queueing-pool.js';
import { surroundingManager } from './surrounding-manager.js';

type Settings = Pick<
  Config,
  | 'databaseUrl'
  | 'databaseDirectUrl'
  | 'databaseOwnerUrl'
  | 'databasePoolSize'
  | 'databaseStatementTimeoutMs'
  | 'databaseFastLane'
  | 'dataDir'
>;

/** The open database: the fast lane for single reads and inserts, TypeORM for the rest. */
export class Database implements OnApplicationShutdown {
  private readonly finishers: (() => Promise<void>)[] = [];

  private constructor(
    readonly url: string,
    /** Past any transaction pooler, for the connection that listens. */
    readonly directUrl: string,
    readonly timeouts: DatabaseTimeouts,
    readonly dataSource: DataSource,
    private readonly fastLane: FastLane,
    /** Ends the embedded Postgres, unless others use it. To be called if a start fails; a shutdown does so itself. */
    readonly closeCluster: () => Promise<void>,
  ) {}

  /** Opens the configured database, or the embedded one, and brings it up to date. */
  static async open(
    settings: Settings,
    entities: readonly EntityClass[],
    log: (line: string) => void,
  ): Promise<Database> {
    const cluster = settings.databaseUrl ? undefined : await openEmbeddedPostgres({ dataDir: settings.dataDir, log });
    const url = settings.databaseUrl ?? cluster!.serverUrl;
    const directUrl = settings.databaseDirectUrl ?? url;
    const ownerUrl = cluster?.ownerUrl ?? settings.databaseOwnerUrl;
    const timeouts = timeoutsOf(settings.databaseStatementTimeoutMs);
    const closeCluster = cluster ? () => cluster.close() : async () => undefined;
    try {
      for (const name of await migrateAsOwner({ directUrl, ownerUrl })) log(`migrated: ${name}`);
      const dataSource = createDataSource({ url, timeouts, poolSize: settings.databasePoolSize, entities });
      await dataSource.initialize();
      if (settings.databaseFastLane === 'on') await assertNamedStatements(poolOf(dataSource));
      const fastLane = await openFastLane(settings.databaseFastLane, { url, timeouts }, dataSource);
      return new Database(url, directUrl, timeouts, dataSource, fastLane, closeCluster);
    } catch (error) {
      await closeCluster();
      throw error;
    }
  }

  /** TypeORM's own pool: named statements, autocommit. */
  get pool(): QueueingPool {
    return poolOf(this.dataSource);
  }

  get reads(): FastLane['reads'] {
    return this.fastLane.reads;
  }

  get slowReads(): FastLane['slowReads'] {
    return this.fastLane.slowReads;
  }

  get inserts(): FastLane['inserts'] {
    return this.fastLane.inserts;
  }

  get probe(): FastLane['probe'] {
    return this.fastLane.probe;
  }

  /**
   * Opens all connections of a server before its first request, so that the first rush doesn't have to wait for them, and
   * a start fails if Postgres allows too few.
   */
  async openConnections(): Promise<void> {
    const { pool } = this;
    const clients = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
    for (const client of clients) client.release();
    // The pool comes first: inserts can do without lanes.
    await this.fastLane.openInsertLanes();
    // From now on requests wait for what it opens.
    pool.options.connectionTimeoutMillis = this.timeouts.connectMs;
  }

  /**
   * Of the surrounding transaction, if there is one; for writes and the reads before them. A caller that holds one
   * connection and waits for another would block the pool as soon as all callers do.
   */
  get manager(): EntityManager {
    return surroundingManager() ?? this.dataSource.manager;
  }

  /** Runs one statement in autocommit, outside any surrounding transaction. */
  readonly query = (text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }> =>
    this.pool.query(text, values);

  /** Registers work to do after the last request, before the database closes. */
  beforeClose(finish: () => Promise<void>): void {
    this.finishers.push(finish);
  }

  /** After the HTTP server has answered its last request. */
  async onApplicationShutdown(): Promise<void> {
    for (const finish of this.finishers) await finish();
    await this.fastLane.close();
    await this.dataSource.destroy();
    await this.closeCluster();
  }
}
