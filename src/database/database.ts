import type { OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { Config } from '../config/config.js';
import { createDataSource, type EntityClass } from './data-source.js';
import { openEmbeddedPostgres } from './embedded-postgres.js';
import { runMigrations } from './migrate.js';

type Settings = Pick<Config, 'databaseUrl' | 'databaseDirectUrl' | 'databasePoolSize' | 'dataDir'>;

/** The open database: TypeORM for writes and the rest, its own pool for prepared statements. */
export class Database implements OnApplicationShutdown {
  private constructor(
    readonly url: string,
    /** Past any transaction pooler, for the connection that listens. */
    readonly directUrl: string,
    readonly dataSource: DataSource,
    private readonly closeCluster: () => Promise<void>,
  ) {}

  /** Opens the configured database, or the embedded one, and brings it up to date. */
  static async open(
    settings: Settings,
    entities: readonly EntityClass[],
    log: (line: string) => void,
  ): Promise<Database> {
    const cluster = settings.databaseUrl ? undefined : await openEmbeddedPostgres({ dataDir: settings.dataDir, log });
    const url = settings.databaseUrl ?? cluster!.url;
    const directUrl = settings.databaseDirectUrl ?? url;
    const closeCluster = cluster ? () => cluster.close() : async () => undefined;
    try {
      for (const name of await runMigrations(directUrl)) log(`migrated: ${name}`);
      const dataSource = createDataSource({ url, poolSize: settings.databasePoolSize, entities });
      await dataSource.initialize();
      return new Database(url, directUrl, dataSource, closeCluster);
    } catch (error) {
      await closeCluster();
      throw error;
    }
  }

  /** TypeORM's own pool: named statements, autocommit. */
  get pool(): Pool {
    return (this.dataSource.driver as PostgresDriver).master as Pool;
  }

  /** After the HTTP server has answered its last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
    await this.closeCluster();
  }
}
