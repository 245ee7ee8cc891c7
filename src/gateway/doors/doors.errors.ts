import { defineErrors } from '../../core/errors/define-errors.js';

const AMBIGUOUS = 'The path can be read in more than one way. Send it without "..", "//", "%2F", ";" and the like.';

/** Refusals of the doors, besides those of the guards. */
export const doorErrors = defineErrors({
  no_route: { status: 403, message: 'No route of service "{service}" matches {method} {path}.', isRefusal: true },
  ambiguous_path: { status: 400, message: AMBIGUOUS, isRefusal: true },
  /** The same at a proxy, which passes no 400 on. */
  ambiguous_path_at_proxy: { status: 403, message: AMBIGUOUS, isRefusal: true },
  proxy_misconfigured: {
    status: 403,
    message: 'The proxy in front of this service is not configured completely.',
  },
});
