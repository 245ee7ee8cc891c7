import { countChanged, PLACEHOLDER, type RedactionRule } from '../../../kit/redaction/redaction-rule.js';
import { REDACTED_MESSAGES, redactedValues } from '../chat-sessions/chat-redaction.js';
import { mailKeySql } from '../chat-sessions/mail-key.js';

const MAILS = `mail_messages.org_id = $1
  AND mail_messages.key IN (SELECT ${mailKeySql('id')} FROM (${REDACTED_MESSAGES}) redacted)`;

const CLEAR_BODIES = `
  UPDATE mail_bodies SET html = '' FROM mail_messages
  WHERE ${MAILS} AND mail_bodies.org_id = $1 AND mail_bodies.id = body_id`;

const CLEAR_MAILS = `
  UPDATE mail_messages SET subject = '${PLACEHOLDER}', sender_name = '${PLACEHOLDER}',
    status = CASE WHEN status = 'queued' THEN 'skipped' ELSE status END,
    reason = CASE WHEN status = 'queued' THEN 'It was redacted.' ELSE reason END,
    ended_at = coalesce(ended_at, now())
  WHERE ${MAILS}`;

/** A mail that is queued or in the outbox quotes the message. A queued one isn't sent. */
export const EMAIL_REDACTION: readonly RedactionRule[] = [CLEAR_BODIES, CLEAR_MAILS].map((sql) => ({
  of: 'copies',
  clear: (manager, redacted) => countChanged(manager, sql, redactedValues(redacted)),
}));
