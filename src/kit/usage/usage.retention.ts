import type { RetentionRule } from '../retention/retention-rule.js';

const BY_MONTH = { key: 'hour', days: 400 };

export const USAGE_RETENTION: readonly RetentionRule[] = [
  // Allows comparing a month with the same month of the year before.
  { table: 'key_usage', isOver: `hour < now() - interval '400 days'`, byMonth: BY_MONTH },
  { table: 'key_refusals', isOver: `hour < now() - interval '400 days'`, byMonth: BY_MONTH },
  { table: 'key_scope_uses', isOver: `day < current_date - 400` },
  { table: 'credential_uses', isOver: `at < now() - interval '400 days'` },
  // A process retries a flush within seconds. Each start of a process adds a row.
  { table: 'usage_flushes', isOver: `flushed_at < now() - interval '7 days'` },
];
