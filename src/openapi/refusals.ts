import type { DeclaredRoute } from '../access/declared-routes.js';
import type { Audience } from '../access/audience.js';
import type { RouteAnswer } from '../wire/answers.js';
import { anyJsonOf } from '../wire/any-json.js';
import { formOf } from '../wire/form.js';
import { bodyDtoOf } from '../wire/request-parts.js';
import { INTEGER, listOf, type Schema, TEXT } from '../wire/schema.js';

/** The errors of one status, as `errors/error-answer.ts` writes them. */
interface Refusal {
  readonly description: string;
  readonly schema: 'Refusal' | 'ReasonedRefusal' | 'InvalidRequest' | 'OtherRefusal';
  readonly headers?: readonly HeaderName[];
}

export const HEADERS = {
  XRequestId: {
    description:
      "The client's own `X-Request-Id` where it is 1 to 64 letters, digits, dashes or underscores; else ours.",
    required: true,
    schema: TEXT,
  },
  RateLimitPolicy: {
    description:
      'The windows of the caller: `"key-min";q=60;w=60` is 60 requests in 60 seconds. A window that it shares with other callers of its org is listed when that one limits it first.',
    required: true,
    schema: TEXT,
  },
  RateLimit: {
    description: 'Where the caller stands in each: `"key-min";r=59;t=60` is 59 left, anew in 60 seconds.',
    required: true,
    schema: TEXT,
  },
  RetryAfter: { description: 'Seconds until it is worth trying again.', required: true, schema: INTEGER },
  WwwAuthenticate: { description: 'What the route wants to see (RFC 9110).', required: true, schema: TEXT },
} as const;
export type HeaderName = keyof typeof HEADERS;
/** As HTTP writes them. */
export const HEADER_FIELDS: Readonly<Record<HeaderName, string>> = {
  XRequestId: 'X-Request-Id',
  RateLimitPolicy: 'RateLimit-Policy',
  RateLimit: 'RateLimit',
  RetryAfter: 'Retry-After',
  WwwAuthenticate: 'WWW-Authenticate',
};

export const REFUSALS: Readonly<Record<string, Refusal>> = {
  InvalidRequest: { description: 'Each field that is wrong or unknown is named.', schema: 'InvalidRequest' },
  InvalidPartnerRequest: { description: 'Each field that is wrong or unknown is named.', schema: 'Refusal' },
  Unauthorized: {
    description: 'No credential, or one that is malformed, unknown, revoked, expired or for other routes.',
    schema: 'ReasonedRefusal',
    headers: ['WwwAuthenticate'],
  },
  Forbidden: { description: 'The credential is good, but not for this, or not from there.', schema: 'Refusal' },
  NotFound: { description: 'There is none, or it is not yours.', schema: 'ReasonedRefusal' },
  Conflict: { description: 'It is taken already, or under way.', schema: 'Refusal' },
  SessionConflict: {
    description: 'It is taken already, or `X-Gatehouse-Org` is not the org of the session.',
    schema: 'Refusal',
  },
  BodyTooLarge: { description: 'The body is over 1 MiB, or over what the route takes.', schema: 'Refusal' },
  FileTooLarge: { description: 'The file is larger than the route takes.', schema: 'Refusal' },
  FileNotTaken: {
    description: 'The body is of no type that the route takes, or the file in it is not, or it is encoded.',
    schema: 'Refusal',
  },
  UnsupportedMediaType: {
    description: 'The body is not `application/json`, or it has a `Content-Encoding`.',
    schema: 'Refusal',
  },
  IdempotencyKeyReused: { description: 'This `Idempotency-Key` came with another body before.', schema: 'Refusal' },
  RateLimited: {
    description: 'One of the windows in `RateLimit-Policy` is full, or too many large bodies arrive at once.',
    schema: 'Refusal',
    headers: ['RetryAfter'],
  },
  Unavailable: {
    description: 'Not now: the database is away, or the server is busy or about to stop.',
    schema: 'Refusal',
    headers: ['RetryAfter'],
  },
  /** Beneath every route: 405, 408, 414, 431 and 500. */
  Other: {
    description: 'What the HTTP layer refuses, or a fault of ours with its `request_id`.',
    schema: 'OtherRefusal',
  },
};

const refusal = (more: Readonly<Record<string, Schema>>, ...required: string[]): Schema => ({
  type: 'object',
  required: ['statusCode', 'message', ...required],
  properties: { statusCode: INTEGER, message: TEXT, ...more },
});

export const REFUSAL_SCHEMAS: Readonly<Record<string, Schema>> = {
  Refusal: refusal({}),
  ReasonedRefusal: refusal({ error: TEXT }, 'error'),
  OtherRefusal: refusal({ request_id: { ...TEXT, description: 'Of a 500: what to look for in the log.' } }),
  InvalidRequest: refusal(
    {
      errors: listOf({ $ref: '#/components/schemas/FieldProblem' }),
      code: { ...TEXT, description: 'Of a document that cannot be imported: why.' },
    },
    'errors',
  ),
  FieldProblem: { type: 'object', required: ['field', 'message'], properties: { field: TEXT, message: TEXT } },
};

/** What a route can refuse with, by status: a name in `REFUSALS`. */
export function refusalsOf(route: DeclaredRoute, answer: RouteAnswer): Record<number, string> {
  const { method, path, policy, handler } = route;
  const { audience } = policy!;
  const isGuarded = audience !== 'public';
  const isUnsafe = method !== 'GET';
  const takesForm = formOf(handler) !== undefined;
  const takesBody = takesForm || bodyDtoOf(route) !== undefined || anyJsonOf(handler) !== undefined;
  const extra = new Set<number>(answer.refusals);
  const applies: readonly [number, string, boolean][] = [
    [400, path.startsWith('/partner/v1') ? 'InvalidPartnerRequest' : 'InvalidRequest', true],
    [401, 'Unauthorized', isGuarded],
    [403, 'Forbidden', isGuarded && (isUnsafe || audience !== 'user')],
    [404, 'NotFound', path.includes(':')],
    [409, audience === 'user' ? 'SessionConflict' : 'Conflict', answer.once === true || audience === 'user'],
    [413, takesForm ? 'FileTooLarge' : 'BodyTooLarge', takesBody],
    [415, takesForm ? 'FileNotTaken' : 'UnsupportedMediaType', takesBody],
    [422, 'IdempotencyKeyReused', answer.once === true],
    [429, 'RateLimited', isGuarded],
    [503, 'Unavailable', isGuarded],
  ];
  const own = applies.filter(([status, , applied]) => applied || extra.has(status));
  return Object.fromEntries(own.map(([status, name]) => [status, name]));
}

/** Headers of whatever a route answers. */
export function commonHeadersOf(audience: Audience): readonly HeaderName[] {
  return audience === 'public' ? ['XRequestId'] : ['XRequestId', 'RateLimitPolicy', 'RateLimit'];
}
