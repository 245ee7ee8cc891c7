import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../../tenancy/api-keys/api-keys.module.js';
import { KeyPoliciesModule } from '../../tenancy/key-policies/key-policies.module.js';
import { GrantableScopesModule } from '../../tenancy/services/grantable-scopes.module.js';
import { KeyScopesController } from './key-scopes.controller.js';
import { ScopeRemovals } from './scope-removals.service.js';
import { ScopeUses } from './scope-uses.service.js';

/** The scopes that keys were granted against those that they used. */
@Module({
  imports: [ApiKeysModule, GrantableScopesModule, KeyPoliciesModule],
  controllers: [KeyScopesController],
  providers: [ScopeUses, ScopeRemovals],
})
export class ScopeUseModule {}
