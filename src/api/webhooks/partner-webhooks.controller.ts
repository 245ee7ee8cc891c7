import { Controller } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { webhookRoutes } from './webhook-routes.js';

/** The webhook endpoints of a partner. They get the events of all its orgs. */
@Controller('partner/v1/webhooks')
export class PartnerWebhooksController extends webhookRoutes({
  reads: ForAudience('partner'),
  writes: ForAudience('partner'),
  ownerOf: ({ partnerId }) => ({ partnerId }),
}) {}
