import { Controller } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { webhookRoutes } from './webhook-routes.js';

/** The webhook endpoints of the operator. They get every event of the installation. */
@Controller('operator/v1/webhooks')
export class OperatorWebhooksController extends webhookRoutes({
  reads: ForAudience('operator'),
  writes: ForAudience('operator'),
  ownerOf: () => 'installation',
}) {}
