import type { RetentionRule } from '../../kit/retention/retention-rule.js';

export const EVENT_RETENTION: readonly RetentionRule[] = [
  { table: 'events', isOver: `created_at < now() - interval '400 days'`, byMonth: { key: 'id', days: 400 } },
];
