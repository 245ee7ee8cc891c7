import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';
import { defineExamples } from '../../core/wire/examples.js';

const SETTINGS = {
  url: 'https://hooks.harbourtours.example/keys',
  events: ['api_key.*', 'org.suspended'],
  description: 'Tells the security team.',
  is_enabled: true,
};
const SIGNED = { signature: 'hmac', public_key: null, disabled_reason: null, previous_secret_expires_at: null };
const ENDPOINT = { id: IDS.webhook, ...SETTINGS, ...SIGNED };
const SECRET = 'whsec_c2hvd24gb25jZSwgd2hlbiBpdCBpcyBtYWRl';
const DELIVERY = {
  id: IDS.webhookDelivery,
  type: 'api_key.suspended',
  org_id: IDS.org,
  status: 'delivered',
  attempts: 2,
  response_status: 204,
  error: null,
  next_attempt_at: null,
  ended_at: '2026-03-02T09:30:06.391Z',
  payload: {
    org_id: IDS.org,
    org_external_id: 'crm-4711',
    data: { id: IDS.apiKey, name: 'Booking website', masked_key: 'ocx_live_…x7Qa', state: 'suspended' },
    changes: { suspended_at: { before: null, after: '2026-03-02T09:30:00.000Z' } },
    actor: { type: 'user', id: IDS.user, name: 'Sam Rivera' },
  },
  attempt_log: [
    {
      at: '2026-03-02T09:30:00.812Z',
      duration_ms: 214,
      response_status: 503,
      error: 'The endpoint answered 503.',
    },
    { at: '2026-03-02T09:30:06.204Z', duration_ms: 187, response_status: 204, error: null },
  ],
};
const PENDING = {
  status: 'pending',
  response_status: null,
  ended_at: null,
  next_attempt_at: '2026-03-02T09:45:00.000Z',
};
const TEST = {
  ...PENDING,
  type: 'webhook.test',
  attempts: 0,
  attempt_log: [],
  payload: { org_id: IDS.org, data: { endpoint_id: IDS.webhook } },
};
const NOT_OF_AN_ORG = { ...TEST, org_id: null, payload: { org_id: null, data: { endpoint_id: IDS.webhook } } };
const AT = { previous_secret_expires_at: '2026-03-03T09:30:00.000Z' };

export const managedWebhookExamples = defineExamples({
  schemas: {
    ManagedWebhook: ENDPOINT,
    NewManagedWebhook: { ...ENDPOINT, signing_secret: SECRET },
    CreateManagedWebhookDto: { ...SETTINGS, signature: 'hmac' },
    UpdateManagedWebhookDto: { events: ['api_key.*', 'org.*', 'member.*'] },
    RotateWebhookSecretDto: { grace_seconds: 86400 },
    SendFailedDeliveriesDto: { since: '2026-03-01T00:00:00.000Z' },
    ReplayedDeliveries: { replayed: 12 },
    ManagedWebhookDelivery: DELIVERY,
    WebhookAttempt: DELIVERY.attempt_log[1]!,
    WebhookEventTypes: { items: [{ type: 'api_key.revoked', description: 'An API key was revoked.' }] },
    WebhookEventType: { type: 'api_key.revoked', description: 'An API key was revoked.' },
  },
  paths: {
    '/manage/v1/webhooks/{id}': IDS.webhook,
    '/manage/v1/webhooks/{id}/deliveries/{delivery_id}': IDS.webhookDelivery,
    '/partner/v1/webhooks/{id}': IDS.webhook,
    '/partner/v1/webhooks/{id}/deliveries/{delivery_id}': IDS.webhookDelivery,
    '/operator/v1/webhooks/{id}': IDS.webhook,
    '/operator/v1/webhooks/{id}/deliveries/{delivery_id}': IDS.webhookDelivery,
  },
  operations: {
    'manageWebhooks.listDeliveries': { query: { status: 'failed' } },
    'partnerWebhooks.listDeliveries': { query: { type: 'api_key.exposed' } },
    'operatorWebhooks.listDeliveries': { query: { status: 'pending,failed' } },
    'manageWebhooks.rotateSecret': { response: AT },
    'partnerWebhooks.rotateSecret': { response: AT },
    'operatorWebhooks.rotateSecret': { response: AT },
    'manageWebhooks.test': { response: TEST },
    'partnerWebhooks.test': { response: NOT_OF_AN_ORG },
    'operatorWebhooks.test': { response: NOT_OF_AN_ORG },
    'manageWebhooks.replay': { response: PENDING },
    'partnerWebhooks.replay': { response: PENDING },
    'operatorWebhooks.replay': { response: PENDING },
  },
});
