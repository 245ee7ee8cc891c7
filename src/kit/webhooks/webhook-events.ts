import type { OrgScope } from '../../access/scopes/scope-catalogue.js';

const SESSION = ['chat-sessions:read', 'contacts:read'] as const;

/** Events that endpoints can subscribe to, each with the scopes that the API requires to read its data. */
export const WEBHOOK_EVENTS = {
  'conversation.started': SESSION,
  'conversation.message_added': SESSION,
  'conversation.status_changed': SESSION,
  'conversation.handoff_to_human': SESSION,
  'csat.score_submitted': [...SESSION, 'csat:read'],
} as const satisfies Record<string, readonly OrgScope[]>;

export type WebhookEvent = keyof typeof WEBHOOK_EVENTS;
export const WEBHOOK_EVENT_NAMES = Object.keys(WEBHOOK_EVENTS) as WebhookEvent[];
