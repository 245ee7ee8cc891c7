import { LIFECYCLE_EVENTS } from './lifecycle-events.js';
import { WEBHOOK_EVENT_NAMES } from './webhook-events.js';

export const EVERY_EVENT = '*';
/** Sent on request, to any endpoint. */
export const TEST_EVENT = 'webhook.test';

const EVENTS = [...Object.keys(LIFECYCLE_EVENTS), ...WEBHOOK_EVENT_NAMES];
/** Every type that a delivery can have. */
export const EVENT_TYPES: readonly string[] = [...EVENTS, TEST_EVENT];
/** What members, partners and operators can subscribe to: `*`, one kind such as `api_key.*`, or one event. */
export const SUBSCRIPTIONS: readonly string[] = [
  EVERY_EVENT,
  ...new Set(EVENTS.map((type) => `${kindOf(type)}.*`)),
  ...EVENTS,
];

export function isSubscribed(subscriptions: readonly string[], type: string): boolean {
  return subscriptions.some((each) => each === EVERY_EVENT || each === type || each === `${kindOf(type)}.*`);
}

function kindOf(type: string): string {
  return type.slice(0, type.indexOf('.'));
}
