import { countChanged, type RedactionRule } from '../../../kit/redaction/redaction-rule.js';
import { REDACTED_MESSAGES, redactedValues } from '../chat-sessions/chat-redaction.js';

const CLEAR_COPIES = `
  UPDATE whatsapp_messages SET message = NULL WHERE org_id = $1 AND event_id IN (${REDACTED_MESSAGES})`;

/** A message in the queue or the outbox quotes the chat message. */
export const WHATSAPP_REDACTION: readonly RedactionRule[] = [
  { of: 'copies', clear: (manager, redacted) => countChanged(manager, CLEAR_COPIES, redactedValues(redacted)) },
];
