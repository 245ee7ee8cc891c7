import { originOf } from '../../../kit/audit/audited-setting.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { WebhookEndpoint } from '../../../kit/webhooks/webhook-endpoint.entity.js';

export const kit = defineCrud({
  path: 'webhooks',
  scope: 'webhooks',
  entity: WebhookEndpoint,
  label: 'Webhook endpoint',
  offers: ['list', 'read', 'update', 'delete'],
  audited: { type: 'webhook_endpoint', calledBy: ['url'], shownAs: { url: originOf }, sealed: ['secret'] },
});
