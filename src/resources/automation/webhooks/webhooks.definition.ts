import { originOf } from '../../../kit/audit/audited-setting.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { WebhookEndpoint } from '../../../kit/webhooks/webhook-endpoint.entity.js';
import { WEBHOOK_EVENT_NAMES } from '../../../kit/webhooks/webhook-events.js';

export const kit = defineCrud({
  path: 'webhooks',
  scope: 'webhooks',
  entity: WebhookEndpoint,
  label: 'Webhook endpoint',
  // Endpoints with events of keys or members belong to the management API.
  where: `events <@ '{${WEBHOOK_EVENT_NAMES.join()}}'::text[]`,
  offers: ['list', 'read', 'update', 'delete'],
  audited: { type: 'webhook_endpoint', calledBy: ['url'], shownAs: { url: originOf }, sealed: ['secret'] },
});
