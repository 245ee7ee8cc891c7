import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../../tenancy/api-keys/api-keys.module.js';
import { LoggedRequests } from './logged-requests.js';
import { ManageRequestsController } from './manage-requests.controller.js';

/** Reads the request log for members, partners and the operator. */
@Module({
  imports: [ApiKeysModule],
  controllers: [ManageRequestsController],
  providers: [LoggedRequests],
})
export class RequestsModule {}
