import type { OrgScope } from '../../access/scopes/scope-catalogue.js';

const SESSION = ['chat-sessions:read', 'contacts:read'] as const;

interface ResourceEvent {
  readonly description: string;
  /** The scopes that the API requires to read its data. */
  readonly scopes: readonly OrgScope[];
}

/**
 * Events of the resources. Keys can subscribe to them. Other domain events are signals between features, or would turn a
 * write of one statement, such as a new contact, into a transaction.
 */
export const WEBHOOK_EVENTS = {
  'conversation.started': { description: 'A conversation started.', scopes: SESSION },
  'conversation.message_added': { description: 'A conversation got a message.', scopes: SESSION },
  'conversation.status_changed': { description: 'A conversation was closed or opened again.', scopes: SESSION },
  'conversation.handoff_to_human': { description: 'A conversation waits for a person.', scopes: SESSION },
  'conversation.closed': { description: 'An open conversation was closed.', scopes: SESSION },
  'conversation.reopened': { description: 'A closed conversation was opened again.', scopes: SESSION },
  'sla.first_reply_breached': { description: 'A conversation waited too long for its first reply.', scopes: SESSION },
  'sla.resolution_breached': { description: 'A conversation was open for too long.', scopes: SESSION },
  'sequence.completed': { description: 'A sequence has no recipient left.', scopes: ['sequences:read'] },
  'workflow.run.succeeded': { description: 'A run of a workflow ended well.', scopes: ['workflows:read'] },
  'workflow.run.failed': { description: 'A run of a workflow failed.', scopes: ['workflows:read'] },
  'csat.score_submitted': { description: 'A contact rated a conversation.', scopes: [...SESSION, 'csat:read'] },
} as const satisfies Record<string, ResourceEvent>;

export type WebhookEvent = keyof typeof WEBHOOK_EVENTS;
export const WEBHOOK_EVENT_NAMES = Object.keys(WEBHOOK_EVENTS) as WebhookEvent[];
