import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../../tenancy/api-keys/api-keys.module.js';
import { OrgsModule } from '../../tenancy/orgs/orgs.module.js';
import { SessionsModule } from '../../tenancy/sessions/sessions.module.js';
import { LiveRequests } from './live-requests.js';
import { LoggedRequests } from './logged-requests.js';
import { ManageRequestsController } from './manage-requests.controller.js';
import { OperatorRequestsController } from './operator-requests.controller.js';
import { PartnerRequestsController } from './partner-requests.controller.js';
import { RequestSummaries } from './request-summary.js';

/** Reads the request log for members, partners and the operator. */
@Module({
  imports: [ApiKeysModule, OrgsModule, SessionsModule],
  controllers: [ManageRequestsController, PartnerRequestsController, OperatorRequestsController],
  providers: [LoggedRequests, RequestSummaries, LiveRequests],
})
export class RequestsModule {}
