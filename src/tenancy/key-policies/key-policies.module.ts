import { Module } from '@nestjs/common';
import { OrgsModule } from '../orgs/orgs.module.js';
import { GrantableScopesModule } from '../services/grantable-scopes.module.js';
import { KeyPolicies } from './key-policies.service.js';
import { ManageKeyPolicyController } from './manage-key-policy.controller.js';
import { OperatorKeyPolicyController } from './operator-key-policy.controller.js';
import { PartnerKeyPolicyController } from './partner-key-policy.controller.js';
import { PartnerOrgKeyPolicyController } from './partner-org-key-policy.controller.js';
import { Violators } from './violators.service.js';

/** Rules for the keys of orgs: what new keys must be, and which existing keys are refused. */
@Module({
  imports: [OrgsModule, GrantableScopesModule],
  controllers: [
    ManageKeyPolicyController,
    PartnerKeyPolicyController,
    PartnerOrgKeyPolicyController,
    OperatorKeyPolicyController,
  ],
  providers: [KeyPolicies, Violators],
  exports: [KeyPolicies, Violators],
})
export class KeyPoliciesModule {}
