import { Pool } from 'undici';
import type { CheckRequestDto } from '../../../src/insight/check/check.dto.js';
import { UNKNOWN_ID } from '../../support/unknown-id.js';
import type { CheckedKey } from './checked-keys.js';
import type { SeededRandom } from './seeded-random.js';
import { nativeScope } from './ways-in.js';

/** A request of a key, to this server or to a service. */
export interface CheckedRequest {
  readonly key: CheckedKey;
  readonly method: string;
  readonly path: string;
  /** Undefined: this server. */
  readonly service: string | undefined;
  /** Undefined: no header tells it. */
  readonly address: string | undefined;
  readonly origin: string | undefined;
  readonly referer: string | undefined;
}

type Target = readonly [method: string, path: string];

/** Routes of every audience, and paths without a route. */
const NATIVE: readonly Target[] = [
  ['GET', '/tags?limit=2'],
  ['GET', '/tags'],
  ['HEAD', '/tags'],
  ['DELETE', '/tags/none'],
  ['GET', '/v1/open/contacts/chatbots/{own}'],
  ['DELETE', `/v1/open/contacts/${UNKNOWN_ID}/chatbots/{own}`],
  ['GET', `/v1/open/contacts/chatbots/${UNKNOWN_ID}`],
  ['GET', '/whoami'],
  ['POST', '/events'],
  ['GET', '/manage/v1/api-keys'],
  ['POST', '/partner/v1/orgs'],
  ['GET', '/operator/v1/services'],
  ['POST', '/v1/verify'],
  ['POST', `/workflows/webhooks/${'0'.repeat(64)}`],
  ['GET', '/healthz'],
  ['GET', '/no/such/path'],
  ['PATCH', '/contacts'],
];
const OF_SERVICE: readonly Target[] = [
  ['GET', '/items/7'],
  ['HEAD', '/items/7?page=2'],
  ['POST', '/items'],
  ['GET', '/me'],
  ['GET', '/open'],
  ['DELETE', '/items'],
  ['GET', '/items//7'],
];
const ADDRESSES = ['198.51.100.7', '198.51.100.7', '203.0.113.9', '2001:db8::7', undefined];
const ORIGINS = ['https://app.example.com', 'https://app.example.com:8443', 'https://evil.example', 'null', 'app'];

/** @param services their slugs, by the age of the state */
export function randomCheckedRequest(
  random: SeededRandom,
  key: CheckedKey,
  services: Readonly<Record<string, string>>,
): CheckedRequest {
  const isOwn = random.isTrue(0.6);
  const [method, path] = random.of(isOwn ? NATIVE : OF_SERVICE);
  return {
    key,
    method,
    path: path.replace('{own}', key.credential.agentId ?? UNKNOWN_ID),
    service: isOwn ? undefined : services[key.state.service],
    address: random.of(ADDRESSES),
    origin: random.isTrue(0.5) ? random.of(ORIGINS) : undefined,
    referer: random.isTrue(0.3) ? `${random.of(ORIGINS)}/page` : undefined,
  };
}

/** Scopes of both: the built-in one that stands for the action, and the service's. */
export function grantedScopes({ state }: Pick<CheckedKey, 'state'>, resource: string): string[] {
  if (state.access === 'full') return [];
  return state.access.flatMap((action) => [nativeScope(state, action), `${resource}:${action}`]);
}

/** The question about the request. */
export function questionOf({ key, method, path, service, address, origin, referer }: CheckedRequest): CheckRequestDto {
  return {
    method,
    path,
    service: service ?? null,
    ip: address ?? null,
    origin: origin ?? referer ?? null,
    credential_id: key.credentialId,
  };
}

/** Sends requests for real. */
export class CheckedSender {
  readonly #pool: Pool;
  #count = 0;

  constructor(url: string) {
    this.#pool = new Pool(url, { connections: 20 });
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** @returns the id of the request, and the status that it got */
  async send({ key, method, path, service, address, origin, referer }: CheckedRequest) {
    const requestId = `checked-${++this.#count}`;
    const { token, secret } = key.credential;
    const answer = await this.#pool.request({
      method: (service === undefined ? method : 'GET') as 'GET',
      path: service === undefined ? path : `/v1/forward-auth/${service}`,
      headers: {
        'x-request-id': requestId,
        // No address can be read in it.
        'x-forwarded-for': address ?? 'unknown',
        ...(secret === undefined
          ? { authorization: `Bearer ${token}` }
          : { 'x-api-key': token, 'x-api-secret': secret }),
        ...(origin !== undefined && { origin }),
        ...(referer !== undefined && { referer }),
        ...(service !== undefined && { 'x-forwarded-method': method, 'x-forwarded-uri': path }),
      },
    });
    await answer.body.dump();
    return { requestId, status: answer.statusCode };
  }
}
