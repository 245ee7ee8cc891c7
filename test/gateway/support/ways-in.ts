import { mintKeyPair, mintOpaqueKey } from '../../../src/access/credentials/credential-format.js';
import { Pool } from 'undici';
import type { SeededRandom } from './seeded-random.js';
import type { Credential, KeyState, ServiceAge, TwinKeys, Way } from './twin-keys.js';

export type Needed = 'read' | 'write' | 'any-key';

/** How the caller sends its credential. */
const PRESENTATIONS = ['intact', 'mistyped', 'unknown', 'missing', 'misplaced', 'incomplete', 'twice', 'both'] as const;
type Presentation = (typeof PRESENTATIONS)[number];

/** A request, alike for the four ways in but for the credential. */
export interface TwinRequest {
  readonly twins: TwinKeys;
  readonly needed: Needed;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly presentation: Presentation;
  readonly address: string;
  readonly origin: string | undefined;
  readonly referer: string | undefined;
  /** How the proxy names the request, and how the service does. */
  readonly convention: 'nginx' | 'traefik' | 'envoy';
  readonly form: 'headers' | 'fields';
  readonly query: string;
}

/** What a client can see of an answer; null: it is that of the service. */
export interface Outcome {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

const ADDRESSES = ['198.51.100.7', '198.51.100.7', '203.0.113.9', '2001:db8::7', 'unknown'];
const ORIGINS = ['https://app.example.com', 'https://app.example.com:8443', 'https://evil.example', 'null', 'app'];
const COMPARED = ['www-authenticate', 'retry-after', 'ratelimit', 'ratelimit-policy', 'deprecation', 'sunset'];
const NO_SUCH_CONTACT = '01900000-0000-7000-8000-000000000000';

export function randomRequest(random: SeededRandom, twins: TwinKeys): TwinRequest {
  const presentation = random.isTrue(0.75) ? 'intact' : random.of(PRESENTATIONS);
  // Native routes with a scope take one kind of credential and ignore the other.
  const needed = presentation === 'both' ? 'any-key' : random.of(['read', 'read', 'write', 'any-key'] as const);
  return {
    twins,
    needed,
    presentation,
    method: needed === 'write' ? 'POST' : random.of(['GET', 'GET', 'HEAD'] as const),
    address: random.of(ADDRESSES),
    origin: random.isTrue(0.5) ? random.of(ORIGINS) : undefined,
    referer: random.isTrue(0.3) ? `${random.of(ORIGINS)}/page` : undefined,
    convention: random.of(['nginx', 'traefik', 'envoy'] as const),
    form: random.of(['headers', 'fields'] as const),
    query: random.of(['', '?page=2']),
  };
}

interface Door {
  readonly slug: string;
  readonly key: string;
}

type HeaderList = readonly (readonly [name: string, value: string])[];

/** Asks for one request by a native route and by each door. */
export class WaysIn {
  readonly #pool: Pool;

  constructor(
    url: string,
    private readonly doors: Readonly<Record<ServiceAge, Door>>,
  ) {
    this.#pool = new Pool(url, { connections: 40 });
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** Calls the native route that stands for the route of the service. */
  async native(request: TwinRequest): Promise<Outcome> {
    const { method, passes, path } = nativeRoute(request);
    const answer = await this.#send(method, path, [...presented(request, 'native'), ...context(request)]);
    const hasPassed = answer.status === passes && (passes === 200 || answer.text.includes('"not_found"'));
    return {
      status: hasPassed ? 200 : answer.status,
      body: hasPassed || method === 'HEAD' ? null : JSON.parse(answer.text),
      headers: answer.headers,
    };
  }

  async forwardAuth(request: TwinRequest): Promise<Outcome> {
    const { method, convention, twins } = request;
    const [path, target] = [`/v1/forward-auth/${this.doors[twins.state.service].slug}`, targetOf(request)];
    const headers = [...presented(request, 'forward-auth'), ...context(request)];
    const answer =
      convention === 'envoy'
        ? await this.#send(method, `${path}${target}`, headers)
        : await this.#send('GET', path, [...headers, ...NAMING[convention](method, target)]);
    return {
      status: answer.status,
      body: answer.status === 200 || method === 'HEAD' ? null : JSON.parse(answer.text),
      headers: answer.headers,
    };
  }

  async verify(request: TwinRequest): Promise<Outcome> {
    const { method, address, origin, referer, twins } = request;
    const question = {
      credential: described(request),
      method,
      path: targetOf(request),
      ip: address,
      ...(request.form === 'fields' && { origin: origin ?? referer }),
    };
    const { key } = this.doors[twins.state.service];
    const answer = await this.#send(
      'POST',
      '/v1/verify',
      [
        ['authorization', `Bearer ${key}`],
        ['content-type', 'application/json'],
      ],
      JSON.stringify(question),
    );
    if (answer.status !== 200) throw new Error(`/v1/verify answered ${answer.status}: ${answer.text}`);
    const verdict = JSON.parse(answer.text) as { status: number; body: unknown; headers: Record<string, string> };
    const headers = Object.entries(verdict.headers).map(([name, value]) => [name.toLowerCase(), value]);
    return {
      status: verdict.status,
      body: method === 'HEAD' ? null : verdict.body,
      headers: comparedOf(Object.fromEntries(headers) as Record<string, string>),
    };
  }

  /** Whether the token is active; undefined: the door can't be asked about such a request. */
  async introspection(request: TwinRequest): Promise<boolean | undefined> {
    const { twins, presentation, needed, address, origin, referer } = request;
    const isToken = presentation === 'intact' || presentation === 'mistyped' || presentation === 'unknown';
    // A typed key is refused by routes with a scope, uncounted; introspection has no scope to refuse it for.
    if (!isToken || (twins.state.kind === 'typed' && needed !== 'any-key')) return undefined;
    const page = origin ?? referer;
    const form = new URLSearchParams({
      token: sentCredential(request, 'introspection').token,
      ip: address,
      ...(page !== undefined && { origin: page }),
    });
    const { key } = this.doors[twins.state.service];
    const answer = await this.#send(
      'POST',
      '/oauth2/introspect',
      [
        ['authorization', `Basic ${Buffer.from(`resource-server:${key}`).toString('base64')}`],
        ['content-type', 'application/x-www-form-urlencoded'],
      ],
      form.toString(),
    );
    if (answer.status !== 200) throw new Error(`/oauth2/introspect answered ${answer.status}: ${answer.text}`);
    return (JSON.parse(answer.text) as { active: boolean }).active;
  }

  async #send(method: string, path: string, headers: HeaderList, body?: string) {
    const answer = await this.#pool.request({
      method: method as 'GET',
      path,
      headers: headers.flat() as string[],
      ...(body !== undefined && { body }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, text, headers: comparedOf(answer.headers) };
  }
}

function comparedOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const present = COMPARED.filter((name) => headers[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, String(headers[name])]));
}

const NAMING = {
  nginx: (method: string, target: string): HeaderList => [
    ['x-original-method', method],
    ['x-original-uri', target],
  ],
  traefik: (method: string, target: string): HeaderList => [
    ['x-forwarded-method', method],
    ['x-forwarded-uri', target],
  ],
};

/** The built-in scopes that stand for those of a service. */
export function nativeScope({ kind }: KeyState, action: 'read' | 'write'): string {
  if (kind === 'pair') return action === 'read' ? 'contacts:read' : 'contacts:delete';
  return `tags:${action}`;
}

/** A route that needs the scope which stands for the service's, and its status after the guards. */
function nativeRoute({ twins, needed, method, presentation }: TwinRequest) {
  const { agentId, secret } = twins.credentials.native;
  // A route for keys with a secret names another scheme where there is none.
  if (needed === 'any-key' || (secret !== undefined && presentation !== 'intact')) {
    return { method: method === 'POST' ? 'GET' : method, path: '/whoami', passes: 200 };
  }
  if (needed === 'read') {
    return { method, path: secret === undefined ? '/tags' : `/v1/open/contacts/chatbots/${agentId}`, passes: 200 };
  }
  const path = secret === undefined ? '/tags/none' : `/v1/open/contacts/${NO_SUCH_CONTACT}/chatbots/${agentId}`;
  return { method: 'DELETE', path, passes: 404 };
}

function targetOf({ needed, query }: TwinRequest): string {
  return { read: '/items/7', write: '/items', 'any-key': '/me' }[needed] + query;
}

function context({ address, origin, referer }: TwinRequest): HeaderList {
  return [
    ['x-forwarded-for', address],
    ...(origin === undefined ? [] : [['origin', origin] as const]),
    ...(referer === undefined ? [] : [['referer', referer] as const]),
  ];
}

/** The credential with the fault of the presentation. */
function sentCredential({ twins, presentation }: TwinRequest, way: Way): Credential {
  const credential = twins.credentials[way];
  const { token, secret } = credential;
  const isPair = secret !== undefined;
  if (presentation === 'mistyped') {
    return isPair ? { token, secret: mistyped(secret) } : { token: mistyped(token) };
  }
  if (presentation === 'unknown') return isPair ? { token, secret: OTHER_SECRET } : { token: UNKNOWN };
  return credential;
}

const UNKNOWN = mintOpaqueKey('ocx', 'live');
const OTHER_SECRET = mintKeyPair('ocx').secret;

function mistyped(text: string): string {
  const at = text.length - 10;
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
}

function presented(request: TwinRequest, way: Way): HeaderList {
  const { token, secret } = sentCredential(request, way);
  const intact: HeaderList =
    secret === undefined
      ? [['authorization', `Bearer ${token}`]]
      : [
          ['x-api-key', token],
          ['x-api-secret', secret],
        ];
  switch (request.presentation) {
    case 'missing':
      return [];
    case 'misplaced':
      return secret === undefined
        ? [['authorization', `Basic ${Buffer.from(`key:${token}`).toString('base64')}`]]
        : [['authorization', `Bearer ${token}`]];
    case 'incomplete':
      return secret === undefined ? [['authorization', token]] : [['x-api-key', token]];
    case 'twice':
      return [...intact, intact[0]!];
    case 'both':
      return secret === undefined
        ? [...intact, ['x-api-key', 'key'], ['x-api-secret', 'secret']]
        : [...intact, ['authorization', `Bearer ${UNKNOWN}`]];
    default:
      return intact;
  }
}

/** As the service passes it to verify. */
function described(request: TwinRequest): object {
  const { token, secret } = sentCredential(request, 'verify');
  const isComplete = ['intact', 'mistyped', 'unknown'].includes(request.presentation);
  if (request.form === 'fields' && isComplete) {
    return secret === undefined ? { bearer: token } : { api_key: token, api_secret: secret };
  }
  const headers: Record<string, string | string[]> = {};
  const page = request.form === 'headers' ? context(request).slice(1) : [];
  for (const [name, value] of [...presented(request, 'verify'), ...page]) {
    headers[name] = name in headers ? [headers[name]!, value].flat() : value;
  }
  return { headers };
}
