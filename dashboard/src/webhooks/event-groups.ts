import type { WebhookEventType } from '../api/wire';
import { sentenceCase } from '../text/reason-words';

export const EVERY_EVENT = '*';
/** Sent on request, to any endpoint. */
const TEST_KIND = 'webhook';

export interface EventGroup {
  /** Subscribes to all events of the group, also to those that are added later: `api_key.*`. */
  readonly all: string;
  readonly label: string;
  readonly events: readonly WebhookEventType[];
}

const LABELS: Readonly<Record<string, string>> = {
  api_key: 'API keys',
  key_policy: 'Policies',
  org: 'Organization',
  member: 'Members',
  service: 'Services',
  webhook_endpoint: 'Webhook endpoints',
  conversation: 'Conversations',
  csat: 'Satisfaction scores',
};

/** The events that can be subscribed to, by kind. */
export function groupsOf(types: readonly WebhookEventType[]): EventGroup[] {
  const kinds = new Set(types.map(({ type }) => kindOf(type)));
  kinds.delete(TEST_KIND);
  return [...kinds].map((kind) => ({
    all: `${kind}.*`,
    label: LABELS[kind] ?? sentenceCase(kind),
    events: types.filter(({ type }) => kindOf(type) === kind),
  }));
}

/** The subscriptions after a click on a whole group. */
export function toggledGroup(chosen: readonly string[], { all, events }: EventGroup): string[] {
  const own = new Set([all, ...events.map(({ type }) => type)]);
  const others = chosen.filter((each) => !own.has(each));
  return chosen.includes(all) ? others : [...others, all];
}

/** The subscriptions after a click on one event. One of a whole group leaves the others of the group. */
export function toggledEvent(chosen: readonly string[], { all, events }: EventGroup, type: string): string[] {
  if (chosen.includes(all)) {
    const others = chosen.filter((each) => each !== all);
    return [...others, ...events.flatMap((event) => (event.type === type ? [] : [event.type]))];
  }
  return chosen.includes(type) ? chosen.filter((each) => each !== type) : [...chosen, type];
}

/** `API keys, 2 events`; `All events` */
export function eventWords(chosen: readonly string[]): string {
  if (chosen.includes(EVERY_EVENT)) return 'All events';
  const whole = chosen.filter((each) => each.endsWith('.*')).map((each) => LABELS[kindOf(each)] ?? each);
  const single = chosen.filter((each) => !each.endsWith('.*'));
  const [only] = single;
  const rest = single.length === 1 ? [only!] : single.length > 1 ? [`${single.length} events`] : [];
  return [...whole, ...rest].join(', ');
}

function kindOf(type: string): string {
  return type.slice(0, type.indexOf('.'));
}
