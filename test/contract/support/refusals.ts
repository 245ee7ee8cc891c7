import type { Audience } from '../../../src/access/scopes/audience.js';
import { rolesFrom } from '../../../src/access/scopes/roles.js';
import type { RoutePolicy } from '../../../src/access/routes/route-policy.js';
import { undocumentedOf } from '../../support/documented-answers.js';
import { type Answer, HttpClient } from '../../support/http-client.js';
import type { Headers } from './credentials.js';
import { inParallel } from './in-parallel.js';
import { concretePath, type ServedRoute } from './served-routes.js';

/** The exact answer of a refusal. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
  /** The WWW-Authenticate header; only 401 and the 403 of a scope have it. */
  readonly challenge?: string;
  /** Whether the request counts against the rate limit, as shown by RateLimit headers. */
  readonly isCharged?: boolean;
}

export interface Attempt {
  readonly route: ServedRoute;
  readonly what: string;
  readonly headers: Headers;
  readonly refusal: Refusal;
  /** Replaces the path of the route with unknown ids. */
  readonly path?: string;
}

/** Keeps connections open, which matters for thousands of requests: supertest takes three times as long. */
const client = new HttpClient();
const REQUEST_ID = 'every-route_1';
const UNAUTHORIZED = '{"statusCode":401,"message":"Unauthorized","error":"Unauthorized"}';
const PAIR_MISSING =
  '{"statusCode":401,"message":"Both x-api-key and x-api-secret headers are required.","error":"Unauthorized"}';

/** The answer to a missing or invalid credential. It depends on whether a complete credential was sent. */
export function unauthorized(audience: Audience, headers: Headers): Refusal {
  const cameWhole = carriesWhole(audience, headers);
  const realm = `${schemeOf(audience)} realm="gatehouse"`;
  if (audience === 'agent') return { status: 401, body: cameWhole ? UNAUTHORIZED : PAIR_MISSING, challenge: realm };
  const bearer = cameWhole ? `${realm}, error="invalid_token"` : realm;
  const challenge = audience === 'service' ? `${bearer}, Basic realm="gatehouse"` : bearer;
  return { status: 401, body: UNAUTHORIZED, challenge };
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
  if (audience === 'service') return isBearer || /^Basic [\w+/]+=*$/.test(headers['Authorization'] ?? '');
  return audience === 'user' ? /^gatehouse_session=[^;]+$/.test(headers['Cookie'] ?? '') : isBearer;
}

/**
 * Calls a route. Methods with a body send a broken one, which only an authenticated caller may learn. Sessions get the
 * header against cross-site requests.
 * @throws Error if the API document doesn't describe the answer
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

/** Sends the attempts. Returns a line for each difference from the expected refusal. */
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
