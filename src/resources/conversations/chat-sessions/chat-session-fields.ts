import { instantAsText } from '../../../core/database/row-as-json.js';
import type { Computed } from '../../../kit/crud/definition.js';
import { listOf, nullable, TEXT } from '../../../core/wire/schema.js';
import { CHAT_CHANNEL, ContactInSession, HandoffInSession, SlaInSession, TeamInSession } from './chat-session-parts.js';

const CHANNEL = `
  SELECT json_strip_nulls(json_build_object('type', channel_type,
    'address', CASE channel_type WHEN 'email' THEN channel_address END, 'subject', channel_subject,
    'phone_number_id', CASE channel_type WHEN 'whatsapp' THEN channel_address END))`;

const CONTACT = `
  SELECT json_build_object('id', id, 'email', email, 'phone_number', phone_number, 'name', name,
    'custom_data', contacts.custom_data, 'unsubscribed_at', ${instantAsText('unsubscribed_at')},
    'non_verified_name', non_verified_name, 'non_verified_email', non_verified_email,
    'non_verified_custom_data', non_verified_custom_data,
    'created_at', ${instantAsText('contacts.created_at')}, 'updated_at', ${instantAsText('contacts.updated_at')})
  FROM contacts WHERE contacts.org_id = chat_sessions.org_id AND contacts.id = chat_sessions.contact_id`;

const TEAM = `
  SELECT json_build_object('id', id, 'name', name, 'description', description)
  FROM teams WHERE teams.org_id = chat_sessions.org_id AND teams.id = chat_sessions.team_id`;

const HANDOFF = `
  SELECT json_build_object('reasons', reasons, 'summary', summary, 'explanation', explanation,
    'sentiment', handoffs.sentiment)
  FROM handoffs WHERE handoffs.org_id = chat_sessions.org_id AND handoffs.session_id = chat_sessions.id
    AND handoffs.ended_at IS NULL`;

const SLA = `
  SELECT json_build_object('policy_id', (array_agg(policy_id ORDER BY is_running DESC, metric DESC))[1],
    'first_reply', (array_agg(clock) FILTER (WHERE metric = 'first_reply'))[1],
    'resolution', (array_agg(clock) FILTER (WHERE metric = 'resolution'))[1])
  FROM (
    SELECT policy_id, metric, completed_at IS NULL AS is_running, json_build_object('state', state,
      'due_at', ${instantAsText('due_at')}, 'completed_at', ${instantAsText('completed_at')}) AS clock
    FROM sla_clocks WHERE sla_clocks.org_id = chat_sessions.org_id AND sla_clocks.session_id = chat_sessions.id
  ) clocks
  HAVING count(*) > 0`;

/** SQL expression on a row of chat_sessions: the names of its tags as JSON, in alphabetical order. */
export const TAGS_OF_SESSION = `
  SELECT coalesce(json_agg(tag_name ORDER BY tag_name), '[]')
  FROM chat_session_tags
  JOIN tags ON tags.org_id = chat_session_tags.org_id AND tags.id = chat_session_tags.tag_id
  WHERE chat_session_tags.org_id = chat_sessions.org_id AND chat_session_tags.session_id = chat_sessions.id`;

/** SQL expression: the contact of the session as JSON. @param table with the columns org_id and session_id */
export function contactOfSession(table: string): string {
  return `SELECT (${CONTACT}) FROM chat_sessions
    WHERE chat_sessions.org_id = ${table}.org_id AND chat_sessions.id = ${table}.session_id`;
}

/** What a session shows beside its own columns. */
export const CHAT_SESSION_FIELDS: Readonly<Record<string, Computed>> = {
  channel: { sql: CHANNEL, shape: CHAT_CHANNEL },
  contact: { sql: CONTACT, shape: nullable(ContactInSession) },
  team: { sql: TEAM, shape: nullable(TeamInSession) },
  handoff: { sql: HANDOFF, shape: nullable(HandoffInSession) },
  sla: { sql: SLA, shape: nullable(SlaInSession) },
  tags: { sql: TAGS_OF_SESSION, shape: listOf(TEXT) },
};
