import { Controller } from '@nestjs/common';
import { RequireRole } from '../../access/decorators/require-role.js';
import { webhookRoutes } from './webhook-routes.js';

/** The webhook endpoints of the org, for its members. */
@Controller('manage/v1/webhooks')
export class ManageWebhooksController extends webhookRoutes({
  reads: RequireRole('Member'),
  writes: RequireRole('Admin'),
  ownerOf: ({ orgId }) => ({ orgId }),
}) {}
