import { accessErrors } from '../../access/errors/access.errors.js';
import type { AppError } from '../../core/errors/app-error.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { errorAnswer } from '../../core/errors/error-answer.js';
import { invalidField } from '../../core/errors/invalid-request.js';
import type { ExampleFields } from '../../core/wire/examples.js';

export interface NamedExample {
  readonly value: ExampleFields;
}

const REQUEST_ID = 'req-48213';
const ROUTE = '/contacts';
const PARTNER_ROUTE = '/partner/v1/orgs';

const invalidEmail = () => invalidField('email', 'email must be an e-mail address');
const reused = {
  statusCode: 422,
  message: 'This Idempotency-Key was already used with another body. Use a new key.',
  code: 'idempotency_key_reused',
};

/** Bodies of the responses in `REFUSALS`, by response, then by error code. */
export const REFUSAL_EXAMPLES: Readonly<Record<string, Readonly<Record<string, NamedExample>>>> = {
  InvalidRequest: written(invalidEmail()),
  InvalidPartnerRequest: written(invalidField('name', 'name must be a string'), PARTNER_ROUTE),
  Unauthorized: written(accessErrors.unauthorized()),
  Forbidden: {
    ...written(accessErrors.scope_missing({ scope: 'contacts:read' })),
    ...written(accessErrors.ip_not_allowed({ ip: '198.51.100.24' })),
    ...written(accessErrors.role_missing({ roles: 'Owner or Admin' })),
  },
  NotFound: written(coreErrors.not_found({ what: 'Contact' })),
  Conflict: written(coreErrors.taken({ what: 'Contact', field: 'email' })),
  SessionConflict: {
    ...written(accessErrors.other_org()),
    ...written(coreErrors.taken({ what: 'Member', field: 'email' })),
  },
  PreconditionFailed: written(coreErrors.precondition_failed({ etag: '"4"' })),
  BodyTooLarge: written(coreErrors.body_too_large()),
  FileTooLarge: {
    file_too_large: {
      value: { statusCode: 413, message: 'The file is larger than 10 MB.', code: 'file_too_large' },
    },
  },
  FileNotTaken: {
    file_type_not_allowed: {
      value: { statusCode: 415, message: 'The file must be PDF, DOCX or plain text.', code: 'file_type_not_allowed' },
    },
  },
  UnsupportedMediaType: written(coreErrors.unsupported_media_type()),
  IdempotencyKeyReused: { idempotency_key_reused: { value: reused } },
  RateLimited: written(accessErrors.rate_limited({ requests: '60 requests', period: 'minute' })),
  Unavailable: {
    ...written(coreErrors.database_unavailable()),
    ...written(coreErrors.shutting_down()),
  },
  Other: {
    ...written(coreErrors.method_not_allowed({ method: 'PUT', allowed: 'GET, POST' })),
    ...written(coreErrors.internal()),
  },
};

/** The body that the server writes for an error. */
function written(error: AppError, route = ROUTE): Record<string, NamedExample> {
  return { [error.code]: { value: errorAnswer(error, route, REQUEST_ID).body as ExampleFields } };
}
