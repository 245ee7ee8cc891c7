import type { DomainEventName } from '../../../kit/domain-events/domain-event.js';

/** Domain events by trigger type. */
export const EVENT_TRIGGERS = {
  'contact-created': 'contact.created',
  'ticket-created': 'conversation.started',
  'ticket-resolved': 'conversation.closed',
  'ticket-handoff': 'conversation.handoff_to_human',
  'csat-score-submit': 'csat.score_submitted',
  'sla-first-reply-breached': 'sla.first_reply_breached',
  'sla-resolution-breached': 'sla.resolution_breached',
} as const satisfies Record<string, DomainEventName>;
type EventTrigger = keyof typeof EVENT_TRIGGERS;

export type AwaitedEvent = (typeof EVENT_TRIGGERS)[EventTrigger];
export type TriggerType = 'webhook' | EventTrigger;
export const TRIGGER_TYPES: readonly TriggerType[] = ['webhook', ...(Object.keys(EVENT_TRIGGERS) as EventTrigger[])];

/** Null for a webhook, which is called. */
export function awaitedEventOf(trigger: TriggerType): AwaitedEvent | null {
  return trigger === 'webhook' ? null : EVENT_TRIGGERS[trigger];
}

/** Whether a trigger can have a session. The body of a webhook can name one. */
export function canHaveSession(trigger: TriggerType): boolean {
  return trigger !== 'contact-created';
}

/** `manual`: a call of the webhook; `automatic`: a domain event; `scheduled`: reserved. */
export const TRIGGER_CAUSES = ['manual', 'automatic', 'scheduled'] as const;
export type TriggerCause = (typeof TRIGGER_CAUSES)[number];
