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
const REPLACE_TEXTS = `
  UPDATE chat_events SET text = $4, redacted_at = now()
  WHERE ${IS_REDACTED} AND text IS NOT NULL AND redacted_at IS NULL`;
const CLEAR_CLOSED_PAYLOADS = `
  UPDATE chat_events SET context = NULL
  WHERE org_id = $1 AND session_id = $2 AND context IS NOT NULL
    AND type IN ('closed_resolved_by_api', 'closed_unresolved_by_api')`;

export const CHAT_REDACTION: readonly RedactionRule[] = [
  { of: 'copies', clear: (manager, redacted) => countChanged(manager, DELETE_ATTACHMENTS, redactedValues(redacted)) },
  {
    of: 'messages',
    clear: (manager, redacted) => countChanged(manager, REPLACE_TEXTS, [...redactedValues(redacted), PLACEHOLDER]),
  },
  {
    of: 'session',
    clear: (manager, { orgId, sessionId }) => countChanged(manager, CLEAR_CLOSED_PAYLOADS, [orgId, sessionId]),
  },
  textAboutSession('chat_sessions', 'channel_subject', 'id'),
  textAboutSession('handoffs', 'summary'),
  textAboutSession('handoffs', 'explanation'),
];
