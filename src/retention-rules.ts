import { EVENT_RETENTION } from './api/event-ingest/events.retention.js';
import { IDEMPOTENCY_RETENTION } from './kit/idempotency/idempotency.retention.js';
import { MAIL_RETENTION } from './kit/mailer/mail.retention.js';
import type { RetentionRule } from './kit/retention/retention-rule.js';
import { USAGE_RETENTION } from './kit/usage/usage.retention.js';
import { RESOURCES } from './resources/index.js';
import { LOGIN_LINK_RETENTION } from './tenancy/login-links/login-links.retention.js';
import { SESSION_RETENTION } from './tenancy/sessions/sessions.retention.js';

/** The retention rules of every feature. */
export const ALL_RETENTION_RULES: readonly RetentionRule[] = [
  ...USAGE_RETENTION,
  ...LOGIN_LINK_RETENTION,
  ...SESSION_RETENTION,
  ...EVENT_RETENTION,
  ...IDEMPOTENCY_RETENTION,
  ...MAIL_RETENTION,
  ...RESOURCES.flatMap(({ retention = [] }) => retention),
];
