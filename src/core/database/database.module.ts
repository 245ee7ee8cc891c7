import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { keyRingOf } from '../encryption/key-file.js';
import { KeyRing } from '../encryption/key-ring.js';
import { LinkSigner } from '../encryption/link-signer.js';
import { SecretBox } from '../encryption/secret-box.js';
import { LOG, type Log } from '../logging/log.js';
import type { EntityClass } from './data-source.js';
import { Database } from './database.js';

/** The open, migrated database, and the services that use the encryption keys: `SecretBox` and `LinkSigner`. */
@Global()
@Module({})
export class DatabaseModule {
  /** @param entities of every feature */
  static with(entities: readonly EntityClass[]): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: Database,
          useFactory: (config: Config, log: Log) => Database.open(config, entities, (line) => log.info(line)),
          inject: [CONFIG, LOG],
        },
        { provide: KeyRing, useFactory: keyRingOf, inject: [CONFIG] },
        { provide: SecretBox, useFactory: (ring: KeyRing) => new SecretBox(ring), inject: [KeyRing] },
        { provide: LinkSigner, useFactory: (ring: KeyRing) => new LinkSigner(ring), inject: [KeyRing] },
      ],
      exports: [Database, SecretBox, LinkSigner],
    };
  }
}
