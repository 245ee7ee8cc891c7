import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { encryptionKeyOf } from '../encryption/encryption-key.js';
import { LinkSigner } from '../encryption/link-signer.js';
import { SecretBox } from '../encryption/secret-box.js';
import { LOG, type Log } from '../logging/log.js';
import type { EntityClass } from './data-source.js';
import { Database } from './database.js';

const ENCRYPTION_KEY = Symbol('EncryptionKey');

/** The open, migrated database, and what needs the key beside it: the box of its secrets, and the signer of links. */
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
        { provide: ENCRYPTION_KEY, useFactory: encryptionKeyOf, inject: [CONFIG] },
        { provide: SecretBox, useFactory: (key: Buffer) => new SecretBox(key), inject: [ENCRYPTION_KEY] },
        { provide: LinkSigner, useFactory: (key: Buffer) => new LinkSigner(key), inject: [ENCRYPTION_KEY] },
      ],
      exports: [Database, SecretBox, LinkSigner],
    };
  }
}
