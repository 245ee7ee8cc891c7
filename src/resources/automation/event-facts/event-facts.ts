import type { EntityManager } from 'typeorm';
import type { DomainEvent } from '../../../kit/domain-events/domain-event.js';
import type { OrgScope } from '../../../access/scopes/scope-catalogue.js';

/**
 * Fields of an event, which workflows refer to as `{{trigger.…}}` and deliveries carry, each with the scope that the API
 * requires to read it. The body of a webhook call is the caller's data and needs no scope.
 */
export const EVENT_FIELD_SCOPES = {
  contact_id: 'contacts:read',
  session_id: 'chat-sessions:read',
  message_id: 'chat-sessions:read',
  status: 'chat-sessions:read',
  previous_status: 'chat-sessions:read',
  reasons: 'chat-sessions:read',
  session: 'chat-sessions:read',
  contact: 'contacts:read',
  message: 'chat-sessions:read',
  handoff: 'chat-sessions:read',
  score: 'csat:read',
  comment: 'csat:read',
} as const satisfies Record<string, OrgScope>;

export type EventField = keyof typeof EVENT_FIELD_SCOPES;

/** Domain events about a contact or a session. */
type SubjectEvent = Extract<DomainEvent, { readonly contactId: string } | { readonly sessionId: string }>;

/** An event as it is stored with a run: ids, and what no row keeps. */
export type EventIds = Readonly<
  Partial<Record<'contact_id' | 'session_id' | 'message_id' | 'status' | 'previous_status', string>> & {
    reasons?: readonly string[];
  }
>;

export type EventFacts = Readonly<Partial<Record<EventField, unknown>>>;

/** The ids of an event. The rows are read later, by `withFacts`. */
export function idsOf(event: SubjectEvent): EventIds {
  if ('contactId' in event) return { contact_id: event.contactId };
  const { sessionId: session_id } = event;
  switch (event.name) {
    case 'conversation.message_added':
      return { session_id, message_id: event.messageId };
    case 'conversation.status_changed':
      return { session_id, status: event.status, previous_status: event.before };
    case 'conversation.handoff_to_human':
      return { session_id, reasons: event.reasons };
    default:
      return { session_id };
  }
}

/** SQL of the rows of an event. `$1`: the org, `$2`: the session, `$3`: the contact, `$4`: the message. */
const FACTS: Readonly<Partial<Record<EventField, string>>> = {
  session: `
    SELECT json_build_object('id', id, 'ticket_number', ticket_number, 'status', status, 'channel', channel_type,
      'team_id', team_id, 'assignee_id', assignee_id, 'contact_id', contact_id, 'custom_data', custom_data)
    FROM chat_sessions WHERE org_id = $1 AND id = $2`,
  contact: `
    SELECT json_build_object('id', id, 'email', email, 'phone_number', phone_number, 'name', name,
      'custom_data', custom_data)
    FROM contacts WHERE org_id = $1 AND id = coalesce($3,
      (SELECT contact_id FROM chat_sessions WHERE org_id = $1 AND id = $2))`,
  message: `
    SELECT json_build_object('id', id, 'sender', sender ->> 'type', 'sender_name', sender ->> 'name', 'text', text,
      'attachments', (SELECT coalesce(json_agg(json_build_object('name', name, 'mime_type', mime_type) ORDER BY id), '[]')
        FROM chat_attachments WHERE chat_attachments.org_id = $1 AND event_id = chat_events.id))
    FROM chat_events WHERE org_id = $1 AND id = $4`,
  handoff: `
    SELECT json_build_object('reasons', reasons, 'summary', summary, 'explanation', explanation)
    FROM handoffs WHERE org_id = $1 AND session_id = $2 ORDER BY id DESC LIMIT 1`,
  score: `
    SELECT score FROM csat_scores WHERE org_id = $1 AND session_id = $2`,
  comment: `
    SELECT comment FROM csat_scores WHERE org_id = $1 AND session_id = $2`,
};
const READ_FACTS = `SELECT ${Object.entries(FACTS)
  .map(([field, sql]) => `(${sql}) AS ${field}`)
  .join(', ')}`;

/**
 * Adds the rows of an event as they are now. They are not stored with the event, where they would survive deletion
 * and redaction.
 */
export async function withFacts(manager: EntityManager, orgId: string, ids: EventIds): Promise<EventFacts> {
  const { session_id = null, contact_id = null, message_id = null } = ids;
  const [facts] = (await manager.query(READ_FACTS, [orgId, session_id, contact_id, message_id])) as [EventFacts];
  return { ...ids, ...facts };
}
