import type { EntityManager } from 'typeorm';
import type { OrgScope } from '../../../access/scopes/scope-catalogue.js';

/**
 * Fields of an event that `{{trigger.…}}` can refer to, each with the scope that the API requires to read it. The body of
 * a webhook call is the caller's data and needs no scope.
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
/** An event as it is stored with a run. */
export type EventTrigger = Readonly<Partial<Record<EventField, unknown>>>;

/** SQL of the fields that are read at the start of a run. `$1`: the org, `$2`: the session, `$3`: the contact. */
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
 * Adds the current session, contact and score to an event. They are not stored with the run, where they would survive
 * deletion and redaction.
 */
export async function withFacts(manager: EntityManager, orgId: string, trigger: EventTrigger): Promise<EventTrigger> {
  const { session_id = null, contact_id = null } = trigger;
  const [facts] = (await manager.query(READ_FACTS, [orgId, session_id, contact_id])) as [EventTrigger];
  return { ...trigger, ...facts };
}
