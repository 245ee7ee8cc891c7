import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const ENDPOINT = {
  url: 'https://hooks.harbourtours.example/gatehouse',
  events: ['conversation.started', 'conversation.handoff_to_human'],
  description: 'Tells the booking desk.',
  is_enabled: true,
};

export const webhookExamples = defineExamples({
  schemas: {
    WebhookEndpoint: { id: IDS.webhook, ...ENDPOINT },
    NewWebhookEndpoint: {
      id: IDS.webhook,
      ...ENDPOINT,
      signing_secret: 'whsec_c2hvd24gb25jZSwgd2hlbiBpdCBpcyBtYWRl',
    },
    CreateWebhookEndpointDto: ENDPOINT,
    UpdateWebhookEndpointDto: { events: [...ENDPOINT.events, 'csat.score_submitted'] },
    WebhookDelivery: {
      id: IDS.webhookDelivery,
      type: 'conversation.started',
      status: 'delivered',
      attempts: 1,
      response_status: 204,
      error: null,
      ended_at: '2026-03-02T09:30:01.204Z',
    },
  },
  paths: { '/webhooks/{id}': IDS.webhook },
  operations: { 'webhooks.listDeliveries': { query: { status: 'delivered' } } },
});
