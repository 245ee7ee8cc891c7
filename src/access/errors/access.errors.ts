import { defineErrors } from '../../core/errors/define-errors.js';

/** Refusals of the guards and of authentication. */
export const accessErrors = defineErrors({
  /** The same body for every invalid credential. */
  unauthorized: { status: 401, message: 'Unauthorized', isRefusal: true, fixedBySource: 'S0' },
  key_and_secret_required: {
    status: 401,
    message: 'Both x-api-key and x-api-secret headers are required.',
    fixedBySource: 'S3',
  },

  scope_missing: {
    status: 403,
    message: 'This API key does not have the required scope: "{scope}".',
    isRefusal: true,
    fixedBySource: 'S0',
  },
  ip_not_allowed: { status: 403, message: 'IP address {ip} is not allowed.', log: 'info', isRefusal: true },
  ip_undetermined: {
    status: 403,
    message: 'The client IP address could not be determined.',
    log: 'info',
    isRefusal: true,
  },
  origin_not_allowed: { status: 403, message: 'Origin is not allowed.', log: 'info', isRefusal: true },
  cross_site_request: {
    status: 403,
    message: 'State-changing requests must carry the header X-Requested-With: gatehouse.',
    log: 'info',
  },
  role_missing: { status: 403, message: 'This needs the role {roles}.', log: 'info' },
  /** The same for an agent of another key, an unknown agent and a malformed id (S3). */
  agent_not_yours: { status: 403, message: 'This API key is not valid for this agent.', log: 'info', isRefusal: true },

  other_org: {
    status: 409,
    message: 'You are signed in to another organization in this browser. Reload the page.',
  },

  rate_limited: { status: 429, message: 'Rate limit exceeded: {requests} per {period}.', isRefusal: true },
  verification_busy: { status: 503, message: 'Too many secrets are being verified. Try again shortly.', log: 'warn' },
});
