import type { RetentionRule } from '../retention/retention-rule.js';

export const MAIL_RETENTION: readonly RetentionRule[] = [
  // Long enough to look up the fate of a message. Includes the outbox.
  { table: 'mail_messages', isOver: `ended_at < now() - interval '30 days'` },
  // Runs after the messages, so that unused bodies are deleted at once.
  {
    table: 'mail_bodies',
    isOver: `created_at < now() - interval '1 hour' AND NOT EXISTS (SELECT FROM mail_messages
      WHERE mail_messages.org_id = mail_bodies.org_id AND body_id = mail_bodies.id)`,
  },
];
