import type { AppError } from './app-error.js';
import { defineErrors } from './define-errors.js';

/** Errors that any feature can answer, and those of HTTP itself. A feature's own stand beside it, in `x.errors.ts`. */
export const coreErrors = defineErrors({
  invalid_request: { status: 400, message: '{message}' },
  malformed_url: { status: 400, message: 'The URL is not valid.' },
  malformed_request: { status: 400, message: 'The request is not valid HTTP.' },

  route_not_found: { status: 404, message: 'Route not found' },
  not_found: { status: 404, message: '{what} not found' },
  /** With `Allow`; like an unknown route it needs no credential. */
  method_not_allowed: { status: 405, message: 'Method {method} is not allowed here: use {allowed}.' },
  request_timeout: { status: 408, message: 'The request took too long to arrive.' },

  taken: { status: 409, message: '{what} with this {field} already exists' },
  in_use: { status: 409, message: '{what} is used by {user}' },
  limit_reached: { status: 409, message: 'The limit of {max} {what} is reached.' },

  /** With the row's `ETag`. */
  precondition_failed: {
    status: 412,
    message: 'If-Match names another version: the ETag is {etag} now. Read it again, then repeat the change.',
  },
  body_too_large: { status: 413, message: 'The body is too large.' },
  url_too_long: { status: 414, message: 'The URL is too long.' },
  unsupported_media_type: { status: 415, message: 'Content-Type must be application/json.' },
  /** Of routes whose body is text. */
  unsupported_text_type: { status: 415, message: 'Content-Type must be {types}.' },
  unsupported_content_encoding: {
    status: 415,
    message: 'Content-Encoding must be identity: send the body uncompressed.',
  },
  headers_too_large: { status: 431, message: 'The request headers are too large.' },

  internal: { status: 500, message: 'Internal server error', log: 'error' },
  database_unavailable: { status: 503, message: 'The database is not available. Try again shortly.', log: 'warn' },
  shutting_down: { status: 503, message: 'The server is shutting down. Try again.' },
});

/** 404. @param what the kind of row, as its label: `Contact` */
export function notFound(what: string): AppError {
  return coreErrors.not_found({ what });
}
