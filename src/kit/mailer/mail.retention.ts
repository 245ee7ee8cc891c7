import type { RetentionRule } from '../retention/retention-rule.js';

export const MAIL_RETENTION: readonly RetentionRule[] = [
  // Long enough to answer what became of a mail. The outbox is included.
  { table: 'mail_messages', isOver: `ended_at < now() - interval '30 days'` },
  // After the messages: a body goes as soon as no message needs it.
  {
    table: 'mail_bodies',
    isOver: `created_at < now() - interval '1 hour' AND NOT EXISTS (SELECT FROM mail_messages
      WHERE mail_messages.org_id = mail_bodies.org_id AND body_id = mail_bodies.id)`,
  },
];
