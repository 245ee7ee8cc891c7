import type { DomainEvent, DomainEventName } from '../../../kit/domain-events/domain-event.js';

/** Domain events by trigger type. */
const EVENT_TRIGGERS = {
  'contact-created': 'contact.created',
  'message-received': 'conversation.message_added',
  'message-sent': 'conversation.message_added',
  'ticket-created': 'conversation.started',
  'ticket-status-changed': 'conversation.status_changed',
  'ticket-resolved': 'conversation.status_changed',
  'ticket-handoff': 'conversation.handoff_to_human',
  'csat-score-submit': 'csat.score_submitted',
  'sla-first-reply-breached': 'sla.first_reply_breached',
  'sla-resolution-breached': 'sla.resolution_breached',
} as const satisfies Record<string, DomainEventName>;
export type EventTrigger = keyof typeof EVENT_TRIGGERS;

export type AwaitedEvent = (typeof EVENT_TRIGGERS)[EventTrigger];
export const AWAITED_EVENTS: readonly AwaitedEvent[] = [...new Set(Object.values(EVENT_TRIGGERS))];
export type TriggerType = 'webhook' | EventTrigger;
export const TRIGGER_TYPES: readonly TriggerType[] = ['webhook', ...(Object.keys(EVENT_TRIGGERS) as EventTrigger[])];

/** Null for a webhook, which is called. */
export function awaitedEventOf(trigger: TriggerType): AwaitedEvent | null {
  return trigger === 'webhook' ? null : EVENT_TRIGGERS[trigger];
}

/** @param event the one that the trigger waits for */
export function isFiredBy(trigger: EventTrigger, event: DomainEvent<AwaitedEvent>): boolean {
  switch (trigger) {
    case 'message-received':
      return 'sender' in event && event.sender === 'contact';
    case 'message-sent':
      return 'sender' in event && event.sender !== 'contact';
    case 'ticket-resolved':
      return 'status' in event && event.status === 'closed_resolved';
    default:
      return true;
  }
}

/** Whether a trigger can have a session. The body of a webhook can name one. */
export function canHaveSession(trigger: TriggerType): boolean {
  return trigger !== 'contact-created';
}

/** `manual`: a call of the webhook; `automatic`: a domain event; `scheduled`: reserved. */
export const TRIGGER_CAUSES = ['manual', 'automatic', 'scheduled'] as const;
export type TriggerCause = (typeof TRIGGER_CAUSES)[number];
