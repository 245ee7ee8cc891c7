import {
  countChanged,
  PLACEHOLDER,
  type Redacted,
  type RedactionRule,
  textAboutSession,
} from '../../../kit/redaction/redaction-rule.js';

const IS_REDACTED = 'org_id = $1 AND session_id = $2 AND ($3::uuid IS NULL OR id = $3)';
/** SQL for the ids of the redacted messages, with the values of `redactedValues`. */
export const REDACTED_MESSAGES = `SELECT id FROM chat_events WHERE ${IS_REDACTED}`;

export function redactedValues({ orgId, sessionId, messageId }: Redacted): unknown[] {
  return [orgId, sessionId, messageId];
}

const DELETE_ATTACHMENTS = `DELETE FROM chat_attachments WHERE org_id = $1 AND event_id IN (${REDACTED_MESSAGES})`;
const REPLACE_MESSAGES = `
  UPDATE chat_events SET text = $4, redacted_at = now(),
    sender = CASE WHEN sender IS NOT NULL THEN jsonb_build_object('type', sender->'type') END
  WHERE ${IS_REDACTED} AND text IS NOT NULL AND (redacted_at IS NULL OR sender - 'type' <> '{}')`;
const CLEAR_DATA = `
  UPDATE chat_sessions SET custom_data = '{}', updated_at = now()
  WHERE org_id = $1 AND id = $2 AND custom_data <> '{}'`;
const CLEAR_CLOSED_PAYLOADS = `
  UPDATE chat_events SET context = NULL
  WHERE org_id = $1 AND session_id = $2 AND context IS NOT NULL
    AND type IN ('closed_resolved_by_api', 'closed_unresolved_by_api')`;

export const CHAT_REDACTION: readonly RedactionRule[] = [
  { of: 'copies', clear: (manager, redacted) => countChanged(manager, DELETE_ATTACHMENTS, redactedValues(redacted)) },
  {
    of: 'messages',
    clear: (manager, redacted) => countChanged(manager, REPLACE_MESSAGES, [...redactedValues(redacted), PLACEHOLDER]),
  },
  ...[CLEAR_CLOSED_PAYLOADS, CLEAR_DATA].map((sql): RedactionRule => ({
    of: 'session',
    clear: (manager, { orgId, sessionId }) => countChanged(manager, sql, [orgId, sessionId]),
  })),
  textAboutSession('chat_sessions', 'channel_subject', 'id'),
  textAboutSession('handoffs', 'summary'),
  textAboutSession('handoffs', 'explanation'),
];
