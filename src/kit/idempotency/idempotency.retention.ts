import type { RetentionRule } from '../retention/retention-rule.js';

export const IDEMPOTENCY_RETENTION: readonly RetentionRule[] = [
  // A key is valid for 24 hours by the clock of the process that reads it.
  { table: 'idempotency_records', isOver: `created_at < now() - interval '25 hours'` },
];
