import { Module } from '@nestjs/common';
import { AgentsModule } from '../../tenancy/agents/agents.module.js';
import { ApiKeysModule } from '../../tenancy/api-keys/api-keys.module.js';
import { IntegrationsModule } from '../../tenancy/integrations/integrations.module.js';
import { LoginLinksModule } from '../../tenancy/login-links/login-links.module.js';
import { MembersModule } from '../../tenancy/members/members.module.js';
import { OrgsModule } from '../../tenancy/orgs/orgs.module.js';
import { WhatsAppNumbersModule } from '../../tenancy/whatsapp-numbers/whatsapp-numbers.module.js';
import { PartnerAgentsController } from './partner-agents.controller.js';
import { PartnerKeyImportsController } from './partner-key-imports.controller.js';
import { KeyImportsModule } from '../../tenancy/key-imports/key-imports.module.js';
import { PartnerApiKeysController } from './partner-api-keys.controller.js';
import { PartnerBulkKeysController } from './partner-bulk-keys.controller.js';
import { PartnerMembersController } from './partner-members.controller.js';
import { PartnerOrgKeyController } from './partner-org-key.controller.js';
import { PartnerOrgMembersController } from './partner-org-members.controller.js';
import { PartnerOrgs } from './partner-orgs.service.js';
import { PartnerOrgsController } from './partner-orgs.controller.js';
import { PartnerWhatsAppNumbersController } from './partner-whatsapp-numbers.controller.js';

/** `/partner/v1`: provisioning by a partner's backend. */
@Module({
  imports: [
    OrgsModule,
    AgentsModule,
    ApiKeysModule,
    KeyImportsModule,
    LoginLinksModule,
    MembersModule,
    IntegrationsModule,
    WhatsAppNumbersModule,
  ],
  controllers: [
    PartnerOrgsController,
    PartnerApiKeysController,
    PartnerBulkKeysController,
    PartnerOrgKeyController,
    PartnerAgentsController,
    PartnerKeyImportsController,
    PartnerMembersController,
    PartnerOrgMembersController,
    PartnerWhatsAppNumbersController,
  ],
  providers: [PartnerOrgs],
})
export class PartnerApiModule {}
