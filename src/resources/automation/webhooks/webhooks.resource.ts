import { defineResource } from '../../../kit/crud/define-resource.js';
import { WebhookDelivery } from '../../../kit/webhooks/webhook-delivery.entity.js';
import { ResourceEvents } from './resource-events.service.js';
import { WebhooksController } from './webhooks.controller.js';
import { kit } from './webhooks.definition.js';
import { WebhookEndpoints } from './webhooks.service.js';

export const webhooks = defineResource({
  ...kit.definition,
  service: WebhookEndpoints,
  controller: WebhooksController,
  entities: [WebhookDelivery],
  providers: [ResourceEvents],
  // Long enough to see why deliveries failed.
  retention: [{ table: 'webhook_deliveries', isOver: `ended_at < now() - interval '30 days'` }],
});
