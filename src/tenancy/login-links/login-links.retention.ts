import type { RetentionRule } from '../../kit/retention/retention-rule.js';

export const LOGIN_LINK_RETENTION: readonly RetentionRule[] = [{ table: 'login_links', isOver: 'expires_at < now()' }];
