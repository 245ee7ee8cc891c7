import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NO_FENCE, ReadFence } from '../../access/freshness/read-fence.js';
import { AuditEntry } from '../../kit/audit/audit-entry.entity.js';
import { AuditHead } from '../../kit/audit/audit-head.entity.js';
import { AuditModule } from '../../kit/audit/audit.module.js';
import { ALL_EVENT_SUBJECTS } from '../../event-subjects.js';
import { OutboundModule } from '../../kit/outbound/outbound.module.js';
import { WebhooksModule } from '../../kit/webhooks/webhooks.module.js';
import type { Config } from '../../core/config/config.js';
import { ConfigModule } from '../../core/config/config.module.js';
import { DatabaseModule } from '../../core/database/database.module.js';
import { assertMigrated } from '../../core/database/migrate.js';
import { JobsModule } from '../../core/jobs/jobs.module.js';
import { ObjectStorageModule } from '../../core/object-storage/object-storage.module.js';
import { type Log, nestLogger } from '../../core/logging/log.js';
import type { Parts } from './command.js';

/** A command runs one query at a time. */
const DATABASE_POOL_SIZE = 2;

@Module({})
class CommandModule {
  static with(config: Config, log: Log, { services, entities }: Parts): DynamicModule {
    return {
      module: CommandModule,
      imports: [
        ConfigModule.with(config, log),
        DatabaseModule.with([AuditHead, AuditEntry, ...entities]),
        AuditModule,
        // Changes by commands have events too. The jobs wait for a server.
        JobsModule,
        ObjectStorageModule,
        OutboundModule,
        WebhooksModule.with(ALL_EVENT_SUBJECTS),
      ],
      providers: [{ provide: ReadFence, useValue: NO_FENCE }, ...services],
    };
  }
}

/**
 * Opens services of the server for one command, without HTTP, lease or jobs. Migrates the embedded database only: the
 * operator decides when a database of several servers changes.
 * @throws Error when the database lacks migrations
 */
export async function openServices(config: Config, log: Log, parts: Parts): Promise<INestApplicationContext> {
  if (config.databaseUrl) await assertMigrated(config.databaseDirectUrl ?? config.databaseUrl);
  const module = CommandModule.with({ ...config, databasePoolSize: DATABASE_POOL_SIZE }, log, parts);
  const context = await NestFactory.createApplicationContext(module, { abortOnError: false, logger: false });
  context.useLogger(nestLogger(log));
  return context;
}
