import { Module } from '@nestjs/common';
import { AgentsModule } from '../../tenancy/agents/agents.module.js';
import { ApiKeysModule } from '../../tenancy/api-keys/api-keys.module.js';
import { EventIngestModule } from '../event-ingest/event-ingest.module.js';
import { MembersModule } from '../../tenancy/members/members.module.js';
import { DeclaredServicesModule } from '../../tenancy/services/declared-services.module.js';
import { GrantableScopesModule } from '../../tenancy/services/grantable-scopes.module.js';
import { OrgsModule } from '../../tenancy/orgs/orgs.module.js';
import { ManageAgentsController } from './manage-agents.controller.js';
import { ManageKeyImportsController } from './manage-key-imports.controller.js';
import { KeyImportsModule } from '../../tenancy/key-imports/key-imports.module.js';
import { ManageApiKeysController } from './manage-api-keys.controller.js';
import { ManageAuditController } from './manage-audit.controller.js';
import { ManageBulkKeysController } from './manage-bulk-keys.controller.js';
import { ManageEventsController } from './manage-events.controller.js';
import { ManageMembersController } from './manage-members.controller.js';
import { ManageOrgController } from './manage-org.controller.js';

/** `/manage/v1`: management of an org by signed-in members. `@RequireRole` sets the role that a route requires. */
@Module({
  imports: [
    OrgsModule,
    MembersModule,
    AgentsModule,
    ApiKeysModule,
    KeyImportsModule,
    EventIngestModule,
    DeclaredServicesModule,
    GrantableScopesModule,
  ],
  controllers: [
    ManageApiKeysController,
    ManageBulkKeysController,
    ManageKeyImportsController,
    ManageAgentsController,
    ManageMembersController,
    ManageOrgController,
    ManageAuditController,
    ManageEventsController,
  ],
})
export class ManageModule {}
