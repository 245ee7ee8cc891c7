import { Module } from '@nestjs/common';
import { OrgsModule } from '../orgs/orgs.module.js';
import { PartnersModule } from '../partners/partners.module.js';
import { BulkKeyChanges } from './bulk/bulk-key-changes.service.js';
import { KeyRevocations } from './bulk/key-revocations.service.js';
import { KeyStore } from '../../access/ports/key-store.js';
import { AgentsModule } from '../agents/agents.module.js';
import { SigningKeysModule } from '../signing-keys/signing-keys.module.js';
import { GrantableScopesModule } from '../services/grantable-scopes.module.js';
import { KeyPoliciesModule } from '../key-policies/key-policies.module.js';
import { ApiKeys } from './api-keys.service.js';
import { KeyChanges } from './key-changes.service.js';
import { KeyDirectory } from './key-directory.js';
import { KeyList } from './key-list.service.js';
import { KeyMint } from './key-mint.js';
import { KeySuspensions } from './key-suspensions.service.js';
import { PostgresKeyStore } from './key-store.js';
import { ListedOrigins } from './listed-origins.js';
import { RotationEnds } from './rotation-ends.job.js';
import { WhoamiController } from './whoami.controller.js';

@Module({
  imports: [OrgsModule, PartnersModule, SigningKeysModule, AgentsModule, GrantableScopesModule, KeyPoliciesModule],
  controllers: [WhoamiController],
  providers: [
    ApiKeys,
    BulkKeyChanges,
    KeyChanges,
    KeyDirectory,
    KeyList,
    KeyMint,
    KeyRevocations,
    KeySuspensions,
    ListedOrigins,
    RotationEnds,
    { provide: KeyStore, useClass: PostgresKeyStore },
  ],
  exports: [
    ApiKeys,
    BulkKeyChanges,
    KeyRevocations,
    KeyChanges,
    KeyDirectory,
    KeyList,
    KeyStore,
    KeySuspensions,
    ListedOrigins,
  ],
})
export class ApiKeysModule {}
