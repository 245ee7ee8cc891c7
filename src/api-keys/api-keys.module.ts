import { Module } from '@nestjs/common';
import { KeyStore } from '../access/ports.js';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { ApiKeys } from './api-keys.service.js';
import { PostgresKeyStore } from './key-store.js';
import { WhoamiController } from './whoami.controller.js';

@Module({
  imports: [SigningKeysModule],
  controllers: [WhoamiController],
  providers: [ApiKeys, { provide: KeyStore, useClass: PostgresKeyStore }],
  exports: [ApiKeys, KeyStore],
})
export class ApiKeysModule {}
