import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { encryptionKeyOf } from '../encryption/encryption-key.js';
import { SecretBox } from '../encryption/secret-box.js';
import { LOG, type Log } from '../logging/log.js';
import type { EntityClass } from './data-source.js';
import { Database } from './database.js';

/** The open, migrated database, and the box that its secrets rest in. */
@Global()
@Module({})
export class DatabaseModule {
  /** @param entities of every feature; this room knows none of them */
  static with(entities: readonly EntityClass[]): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: Database,
          useFactory: (config: Config, log: Log) => Database.open(config, entities, (line) => log.info(line)),
          inject: [CONFIG, LOG],
        },
        {
          provide: SecretBox,
          useFactory: async (config: Config) => new SecretBox(await encryptionKeyOf(config)),
          inject: [CONFIG],
        },
      ],
      exports: [Database, SecretBox],
    };
  }
}
