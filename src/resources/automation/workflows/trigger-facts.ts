import type { EntityManager } from 'typeorm';
import type { OrgScope } from '../../../access/scopes/scope-catalogue.js';

/**
 * Fields of an event that `{{trigger.…}}` can refer to, each with the scope that reads the same over the API. What a
 * webhook is called with isn't the org's data, so its fields need none.
 */
export const EVENT_FIELD_SCOPES = {
  contact_id: 'contacts:read',
  session_id: 'chat-sessions:read',
  reasons: 'chat-sessions:read',
  session: 'chat-sessions:read',
  contact: 'contacts:read',
  score: 'csat:read',
} as const satisfies Record<string, OrgScope>;

export type EventField = keyof typeof EVENT_FIELD_SCOPES;
/** An event as it is kept with a run. */
export type EventTrigger = Readonly<Partial<Record<EventField, unknown>>>;

/** What is read when the run begins, by its field: SQL over the org `$1`, the session `$2` and the contact `$3`. */
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
  score: `
    SELECT score FROM csat_scores WHERE org_id = $1 AND session_id = $2`,
};
const READ_FACTS = `SELECT ${Object.entries(FACTS)
  .map(([field, sql]) => `(${sql}) AS ${field}`)
  .join(', ')}`;

/**
 * An event with what there is to know of its session and contact now: kept with the run, it would outlive a contact
 * that is deleted, and a redaction.
 */
export async function withFacts(manager: EntityManager, orgId: string, trigger: EventTrigger): Promise<EventTrigger> {
  const { session_id = null, contact_id = null } = trigger;
  const [facts] = (await manager.query(READ_FACTS, [orgId, session_id, contact_id])) as [EventTrigger];
  return { ...trigger, ...facts };
}
