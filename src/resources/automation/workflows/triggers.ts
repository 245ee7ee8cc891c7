import type { DomainEventName } from '../../../kit/domain-events/domain-event.js';

/** What the events that workflows wait for are called there. */
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

/** Null: it is called. */
export function awaitedEventOf(trigger: TriggerType): AwaitedEvent | null {
  return trigger === 'webhook' ? null : EVENT_TRIGGERS[trigger];
}

/** Whether it has a session of its own to work on; what calls a webhook may name one. */
export function mayHaveSession(trigger: TriggerType): boolean {
  return trigger !== 'contact-created';
}

/** `manual`: somebody called its webhook; `automatic`: something happened in the org. Nothing is `scheduled` yet. */
export const TRIGGER_CAUSES = ['manual', 'automatic', 'scheduled'] as const;
export type TriggerCause = (typeof TRIGGER_CAUSES)[number];
