import type { DeclaredRoute } from '../../access/routes/declared-routes.js';
import type { RoutePolicy } from '../../access/routes/route-policy.js';
import type { RouteAnswer } from '../../core/wire/answers.js';
import { anyJsonOf } from '../../core/wire/any-json.js';
import { formOf } from '../../core/wire/form.js';
import { bodyDtoOf } from '../../core/wire/request-parts.js';
import { isIdempotent } from '../../core/wire/idempotent-routes.js';
import { INTEGER, listOf, type Schema, TEXT, URI } from '../../core/wire/schema.js';

/** The error responses of one status, in the form that `errorAnswer` writes. */
interface Refusal {
  readonly description: string;
  readonly schema: keyof typeof REFUSAL_SCHEMAS;
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
  /** Absent from errors that are sent before the request is counted. */
  CountedRateLimitPolicy: { description: 'As on answers that succeed, where the request was counted.', schema: TEXT },
  CountedRateLimit: { description: 'As on answers that succeed, where the request was counted.', schema: TEXT },
  RetryAfter: { description: 'Seconds until it is worth trying again.', required: true, schema: INTEGER },
  WwwAuthenticate: { description: 'What the route wants to see (RFC 9110).', required: true, schema: TEXT },
  MissingScope: { description: 'The scope that the key lacks, where it lacks one (RFC 6750).', schema: TEXT },
  Allow: { description: 'Of a 405: the methods that the path has.', schema: TEXT },
  Deprecation: { description: 'Since when a newer credential replaces this one (RFC 9745).', schema: TEXT },
  Sunset: { description: 'When the credential stops, from 30 days before it does (RFC 8594).', schema: TEXT },
  ETag: { description: 'Names this version of the content, for `If-None-Match`.', schema: TEXT },
  Revision: { description: 'Names this version of the row, for `If-Match` of a change.', required: true, schema: TEXT },
  CacheControl: { description: 'How long the answer may be used without asking again.', schema: TEXT },
  Location: { description: 'Where to go on.', required: true, schema: URI },
} as const;
export type HeaderName = keyof typeof HEADERS;
/** The header names in HTTP. */
export const HEADER_FIELDS: Readonly<Record<HeaderName, string>> = {
  XRequestId: 'X-Request-Id',
  RateLimitPolicy: 'RateLimit-Policy',
  RateLimit: 'RateLimit',
  CountedRateLimitPolicy: 'RateLimit-Policy',
  CountedRateLimit: 'RateLimit',
  RetryAfter: 'Retry-After',
  WwwAuthenticate: 'WWW-Authenticate',
  MissingScope: 'WWW-Authenticate',
  Allow: 'Allow',
  Deprecation: 'Deprecation',
  Sunset: 'Sunset',
  ETag: 'ETag',
  Revision: 'ETag',
  CacheControl: 'Cache-Control',
  Location: 'Location',
};

/** Headers of every response to a credential that was replaced or ends soon. */
const RETIREMENT = ['Deprecation', 'Sunset'] as const;
/** Headers of errors that can be sent after the rate limits are applied. */
const COUNTED = ['CountedRateLimitPolicy', 'CountedRateLimit', ...RETIREMENT] as const;

export const REFUSALS: Readonly<Record<string, Refusal>> = {
  InvalidRequest: {
    description: 'Each field that is wrong or unknown is named.',
    schema: 'InvalidRequest',
    headers: COUNTED,
  },
  InvalidPartnerRequest: {
    description: 'Each field that is wrong or unknown is named.',
    schema: 'UncodedRefusal',
    headers: COUNTED,
  },
  Unauthorized: {
    description: 'No credential, or one that is malformed, unknown, revoked, expired or for other routes.',
    schema: 'Unauthorized',
    headers: ['WwwAuthenticate', ...RETIREMENT],
  },
  Forbidden: {
    description: 'The credential is good, but not for this, or not from there.',
    schema: 'Refusal',
    headers: ['MissingScope', ...COUNTED],
  },
  NotFound: { description: 'There is none, or it is not yours.', schema: 'ReasonedRefusal', headers: COUNTED },
  Conflict: { description: 'It is taken already, or under way.', schema: 'Refusal', headers: COUNTED },
  SessionConflict: {
    description: 'It is taken already, or `X-Gatehouse-Org` is not the org of the session.',
    schema: 'Refusal',
    headers: COUNTED,
  },
  PreconditionFailed: {
    description: '`If-Match` names another version. `ETag` is that of the present one.',
    schema: 'Refusal',
    headers: ['Revision', ...COUNTED],
  },
  BodyTooLarge: {
    description: 'The body is over 1 MiB, or over what the route takes.',
    schema: 'Refusal',
    headers: COUNTED,
  },
  FileTooLarge: { description: 'The file is larger than the route takes.', schema: 'Refusal', headers: COUNTED },
  FileNotTaken: {
    description: 'The body is of no type that the route takes, or the file in it is not, or it is encoded.',
    schema: 'Refusal',
    headers: COUNTED,
  },
  UnsupportedMediaType: {
    description: 'The body is not `application/json`, or it has a `Content-Encoding`.',
    schema: 'Refusal',
    headers: COUNTED,
  },
  IdempotencyKeyReused: {
    description: 'This `Idempotency-Key` came with another body before.',
    schema: 'Refusal',
    headers: COUNTED,
  },
  RateLimited: {
    description: 'One of the windows in `RateLimit-Policy` is full, or too many large bodies arrive at once.',
    schema: 'Refusal',
    headers: ['RetryAfter', ...COUNTED],
  },
  Unavailable: {
    description: 'Not now: the database is away, or the server is busy or about to stop.',
    schema: 'Refusal',
    headers: ['RetryAfter', ...COUNTED],
  },
  /** The `default` response of every operation: 405, 408, 414, 431 and 500. */
  Other: {
    description: 'What the HTTP layer refuses, or a fault of ours with its `request_id`.',
    schema: 'OtherRefusal',
    headers: ['Allow', ...COUNTED],
  },
};

const CODE = {
  ...TEXT,
  description:
    'For programs: it is stable. More codes may be added. Absent where a scope is missing, and where an `external_id` of an org is unknown or taken.',
};

const refusal = (more: Readonly<Record<string, Schema>>, ...required: string[]): Schema => ({
  type: 'object',
  required: ['statusCode', 'message', ...required],
  properties: { statusCode: INTEGER, message: { ...TEXT, description: 'For people: it may change.' }, ...more },
});

export const REFUSAL_SCHEMAS = {
  Refusal: refusal({ code: CODE }),
  UncodedRefusal: refusal({}),
  Unauthorized: refusal({ error: TEXT }, 'error'),
  ReasonedRefusal: refusal({ error: TEXT, code: CODE }, 'error'),
  OtherRefusal: refusal(
    { request_id: { ...TEXT, description: 'Of a 500: what to look for in the log.' }, code: CODE },
    'code',
  ),
  InvalidRequest: refusal(
    { errors: listOf({ $ref: '#/components/schemas/FieldProblem' }), code: CODE },
    'errors',
    'code',
  ),
  FieldProblem: { type: 'object', required: ['field', 'message'], properties: { field: TEXT, message: TEXT } },
} as const satisfies Readonly<Record<string, Schema>>;

/** Returns the error responses of a route: names in `REFUSALS`, by status. */
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
    [409, audience === 'user' ? 'SessionConflict' : 'Conflict', isIdempotent(handler) || audience === 'user'],
    [412, 'PreconditionFailed', false],
    [413, takesForm ? 'FileTooLarge' : 'BodyTooLarge', takesBody],
    [415, takesForm ? 'FileNotTaken' : 'UnsupportedMediaType', takesBody],
    [422, 'IdempotencyKeyReused', isIdempotent(handler)],
    [429, 'RateLimited', isLimited(policy!)],
    [503, 'Unavailable', isGuarded],
  ];
  const own = applies.filter(([status, , applied]) => applied || extra.has(status));
  return Object.fromEntries(own.map(([status, name]) => [status, name]));
}

function isLimited({ audience, addressWindow }: RoutePolicy): boolean {
  return audience !== 'public' || addressWindow !== undefined;
}

/** Returns the headers that every successful response of a route has. */
function commonHeadersOf(policy: RoutePolicy): readonly HeaderName[] {
  if (!isLimited(policy)) return ['XRequestId'];
  // The callers that a service asks about are charged, not the service.
  if (policy.audience === 'service') return ['XRequestId', ...RETIREMENT];
  const hasNoKey = policy.audience === 'user' || policy.audience === 'public';
  return ['XRequestId', 'RateLimitPolicy', 'RateLimit', ...(hasNoKey ? [] : RETIREMENT)];
}

const OF_STATUS: Readonly<Record<number, readonly HeaderName[]>> = { 303: ['Location'], 503: ['RetryAfter'] };
const OF_CACHED = ['ETag', 'CacheControl'] as const;

export function answerHeadersOf(
  policy: RoutePolicy,
  status: number,
  { isCached = false, hasRevision = false }: Pick<RouteAnswer, 'isCached' | 'hasRevision'>,
): readonly HeaderName[] {
  const ofBody = [...(isCached ? OF_CACHED : []), ...(hasRevision ? (['Revision'] as const) : [])];
  return [...commonHeadersOf(policy), ...(OF_STATUS[status] ?? []), ...ofBody];
}
