import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';
import { defineExamples, type OperationExamples } from '../../core/wire/examples.js';

const TIMES = { created_at: '2026-03-02T09:30:00.000Z', updated_at: '2026-03-02T09:30:06.391Z' };
const SETTINGS = {
  url: 'https://hooks.harbourtours.example/keys',
  events: ['api_key.*', 'org.suspended'],
  description: 'Tells the security team.',
  is_enabled: true,
};
const SIGNED = { signature: 'hmac', public_key: null, disabled_reason: null, previous_secret_expires_at: null };
const ENDPOINT = { id: IDS.managedWebhook, ...SETTINGS, ...SIGNED, ...TIMES };
const SECRET = 'whsec_c2hvd24gb25jZSwgd2hlbiBpdCBpcyBtYWRl';
const DELIVERY = {
  id: IDS.managedDelivery,
  type: 'api_key.suspended',
  org_id: IDS.org,
  status: 'delivered',
  attempts: 2,
  response_status: 204,
  error: null,
  next_attempt_at: null,
  ended_at: '2026-03-02T09:30:06.391Z',
  payload: {
    org_external_id: 'crm-4711',
    data: { name: 'Booking website', masked_key: 'ocx_live_…x7Qa', state: 'suspended' },
    changes: { suspended_at: { before: null, after: '2026-03-02T09:30:00.000Z' } },
    actor: { type: 'user', name: 'Sam Rivera' },
  },
  attempt_log: [
    { at: '2026-03-02T09:30:00.812Z', duration_ms: 214, response_status: 503, error: 'The endpoint answered 503.' },
    { at: '2026-03-02T09:30:06.204Z', duration_ms: 187, response_status: 204, error: null },
  ],
  ...TIMES,
};
const PENDING = {
  status: 'pending',
  response_status: null,
  ended_at: null,
  next_attempt_at: '2026-03-02T09:45:00.000Z',
};
const TEST = { ...PENDING, type: 'webhook.test', attempts: 0, attempt_log: [], payload: { data: {} } };
const UNTIL = { previous_secret_expires_at: '2026-03-03T09:30:00.000Z' };

/** The operations of one controller, with the ids of its owner. */
function operationsOf(
  name: string,
  id: string,
  delivery: { readonly id: string; readonly org_id: string | null },
): Record<string, OperationExamples> {
  const operations: Record<string, OperationExamples> = {
    list: { response: { items: [{ ...ENDPOINT, id }], next: null } },
    create: { response: { id } },
    read: { response: { id } },
    update: { response: { id } },
    rotateSecret: { response: { id, ...UNTIL } },
    test: { response: { ...TEST, ...delivery } },
    replay: { response: { ...PENDING, ...delivery } },
    readDelivery: { response: { ...delivery } },
    listDeliveries: {
      query: { status: 'pending,failed,delivered' },
      response: { items: [{ ...DELIVERY, ...delivery }], next: null },
    },
  };
  return Object.fromEntries(Object.entries(operations).map(([each, examples]) => [`${name}.${each}`, examples]));
}

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
    '/manage/v1/webhooks/{id}': IDS.managedWebhook,
    '/manage/v1/webhooks/{id}/deliveries/{delivery_id}': IDS.managedDelivery,
    '/partner/v1/webhooks/{id}': IDS.partnerWebhook,
    '/partner/v1/webhooks/{id}/deliveries/{delivery_id}': IDS.partnerDelivery,
    '/operator/v1/webhooks/{id}': IDS.operatorWebhook,
    '/operator/v1/webhooks/{id}/deliveries/{delivery_id}': IDS.operatorDelivery,
  },
  operations: {
    ...operationsOf('manageWebhooks', IDS.managedWebhook, { id: IDS.managedDelivery, org_id: IDS.org }),
    ...operationsOf('partnerWebhooks', IDS.partnerWebhook, { id: IDS.partnerDelivery, org_id: null }),
    ...operationsOf('operatorWebhooks', IDS.operatorWebhook, { id: IDS.operatorDelivery, org_id: null }),
  },
});
