import type { Audience } from '../../../src/access/scopes/audience.js';
import { rolesFrom } from '../../../src/access/scopes/roles.js';
import type { RoutePolicy } from '../../../src/access/routes/route-policy.js';
import { undocumentedOf } from '../../support/documented-answers.js';
import { type Answer, HttpClient } from '../../support/http-client.js';
import type { Headers } from './credentials.js';
import { inParallel } from './in-parallel.js';
import { concretePath, type ServedRoute } from './served-routes.js';

/** An answer that a refusal must be, to the byte. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
  /** WWW-Authenticate; absent from all but 401 and a scope's 403. */
  readonly challenge?: string;
  /** Whether the rate limits have counted it: RateLimit headers or none. */
  readonly isCharged?: boolean;
}

export interface Attempt {
  readonly route: ServedRoute;
  readonly what: string;
  readonly headers: Headers;
  readonly refusal: Refusal;
  /** Instead of the route's own with ids that nobody has. */
  readonly path?: string;
}

/** There are thousands of requests: it keeps connections, and costs a third of what supertest does. */
const client = new HttpClient();
const REQUEST_ID = 'every-route_1';
const UNAUTHORIZED = '{"statusCode":401,"message":"Unauthorized","error":"Unauthorized"}';
const PAIR_MISSING =
  '{"statusCode":401,"message":"Both x-api-key and x-api-secret headers are required.","error":"Unauthorized"}';

/** What an audience answers to who has no good credential; it depends on whether a whole one came. */
export function unauthorized(audience: Audience, headers: Headers): Refusal {
  const cameWhole = carriesWhole(audience, headers);
  const realm = `${schemeOf(audience)} realm="gatehouse"`;
  if (audience === 'agent') return { status: 401, body: cameWhole ? UNAUTHORIZED : PAIR_MISSING, challenge: realm };
  return { status: 401, body: UNAUTHORIZED, challenge: cameWhole ? `${realm}, error="invalid_token"` : realm };
}

const schemeOf = (audience: Audience) => (audience === 'agent' ? 'ApiKey' : 'Bearer');

export function forbidden(message: string, code: string): Refusal {
  return { status: 403, body: JSON.stringify({ statusCode: 403, message, code }) };
}

export function scopeMissing({ audience, scope }: RoutePolicy): Refusal {
  return {
    status: 403,
    body: `{"statusCode":403,"message":"This API key does not have the required scope: \\"${scope}\\"."}`,
    challenge: `${schemeOf(audience)} realm="gatehouse", error="insufficient_scope", scope="${scope}"`,
    isCharged: true,
  };
}

export function roleMissing({ role }: RoutePolicy): Refusal {
  return { ...forbidden(`This needs the role ${rolesFrom(role!).join(' or ')}.`, 'role_missing'), isCharged: true };
}

function carriesWhole(audience: Audience, headers: Headers): boolean {
  const isBearer = /^Bearer [^ ,]{1,2000}$/.test(headers['Authorization'] ?? '');
  const isPair = Boolean(headers['X-API-Key'] && headers['X-API-Secret']);
  if (audience === 'agent') return isPair;
  if (audience === 'any-key') return isPair || isBearer;
  return audience === 'user' ? /^gatehouse_session=[^;]+$/.test(headers['Cookie'] ?? '') : isBearer;
}

/**
 * One request to a route. What can have a body has a broken one, for nobody hears of that who isn't let in;
 * sessions bring what keeps other sites out.
 * @throws Error when the answer isn't documented
 */
export async function request(
  url: string,
  { method, path, policy }: ServedRoute,
  headers: Headers,
  at = concretePath(path),
): Promise<Answer> {
  const answer = await client.ask(url, {
    method,
    path: at,
    headers: {
      'X-Request-Id': REQUEST_ID,
      ...(policy.audience === 'user' && { 'X-Requested-With': 'gatehouse' }),
      ...headers,
    },
    ...(!['GET', 'HEAD'].includes(method) && { body: '{' }),
  });
  const problems = undocumentedOf({ method, target: at, ...answer, text: answer.body });
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return answer;
}

/** A line for each attempt that got anything but its refusal, and for each thing that was wrong with the answer. */
export async function wrongAnswers(url: string, attempts: readonly Attempt[]): Promise<string[]> {
  const lines = await inParallel(attempts, async ({ route, what, headers, refusal, path }) => {
    const answer = await request(url, route, headers, path);
    const expected: Record<string, unknown> = {
      status: refusal.status,
      body: refusal.body,
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(refusal.body)),
      'www-authenticate': refusal.challenge,
      'x-request-id': REQUEST_ID,
      'x-content-type-options': 'nosniff',
      'set-cookie': undefined,
      'is charged': refusal.isCharged ?? false,
    };
    const seen: Record<string, unknown> = {
      ...answer.headers,
      status: answer.status,
      body: answer.body,
      'is charged': 'ratelimit' in answer.headers && 'ratelimit-policy' in answer.headers,
    };
    return Object.entries(expected)
      .filter(([name, value]) => seen[name] !== value)
      .map(([name, value]) => `${route.name}, ${what}: ${name} is ${String(seen[name])}, not ${String(value)}`);
  });
  return lines.flat();
}
