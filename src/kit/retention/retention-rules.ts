/** How long the rows of a table are kept. What isn't in the list is kept for good. */
export interface RetentionRule {
  readonly table: string;
  /** SQL that holds for a row whose time is over. An index finds them. */
  readonly isOver: string;
}

export const RETENTION_RULES: readonly RetentionRule[] = [
  // A year can still be compared with the same month of the year before.
  { table: 'key_usage', isOver: `hour < now() - interval '400 days'` },
  // Whoever repeats a flush does so within seconds; a table of a row for each start of a process.
  { table: 'usage_flushes', isOver: `flushed_at < now() - interval '7 days'` },
  { table: 'login_links', isOver: 'expires_at < now()' },
  { table: 'sessions', isOver: 'expires_at < now()' },
  { table: 'events', isOver: `created_at < now() - interval '400 days'` },
  // With their steps. Long enough to look into what went wrong.
  { table: 'workflow_runs', isOver: `run_ended_at < now() - interval '90 days'` },
  // They hold for 24 hours by the clock of whichever process is asked.
  { table: 'idempotency_records', isOver: `created_at < now() - interval '25 hours'` },
  // As long as somebody may ask what became of a mail; also what stays in the outbox.
  { table: 'mail_messages', isOver: `ended_at < now() - interval '30 days'` },
  { table: 'whatsapp_messages', isOver: `ended_at < now() - interval '30 days'` },
  // What a mail said is nobody's business once it was sent.
  {
    table: 'mail_bodies',
    isOver: `created_at < now() - interval '1 hour' AND NOT EXISTS (SELECT FROM mail_messages
      WHERE mail_messages.org_id = mail_bodies.org_id AND body_id = mail_bodies.id)`,
  },
];
