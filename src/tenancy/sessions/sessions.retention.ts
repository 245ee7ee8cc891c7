import type { RetentionRule } from '../../kit/retention/retention-rule.js';

export const SESSION_RETENTION: readonly RetentionRule[] = [{ table: 'sessions', isOver: 'expires_at < now()' }];
