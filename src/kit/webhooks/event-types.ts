import { LIFECYCLE_EVENTS } from './lifecycle-events.js';
import type { WebhookEventTypes } from './managed-webhook.dto.js';
import { TEST_EVENT } from './subscriptions.js';
import { WEBHOOK_EVENTS } from './webhook-events.js';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  ...LIFECYCLE_EVENTS,
  ...Object.fromEntries(Object.entries(WEBHOOK_EVENTS).map(([type, { description }]) => [type, description])),
  [TEST_EVENT]: 'Sent on request. Nothing happened.',
};

/** What a delivery can be about. */
export function eventTypes(): WebhookEventTypes {
  return { items: Object.entries(DESCRIPTIONS).map(([type, description]) => ({ type, description })) };
}
