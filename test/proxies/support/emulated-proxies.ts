import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { Headers } from '../../contract/support/credentials.js';
import type { Ask } from '../../support/http-client.js';

/** A request of a client. */
export interface ClientRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Headers;
}

/** What a proxy that can't run here asks Gatehouse, and does with the answer, by its documentation and its file. */
export interface EmulatedProxy {
  question(request: ClientRequest): Ask;
  /** Whether a header of the answer replaces the client's own on the way to the service. */
  copiesToService(header: string): boolean;
  /** Whether a header that the client made up is removed on the way to the service. */
  removes(header: string): boolean;
}

const FOLDER = resolve(import.meta.dirname, '..', '..', '..', 'docs', 'proxies');
const textOf = (file: string) => readFileSync(resolve(FOLDER, file), 'utf8');
const CLIENT = '127.0.0.1';
/** What Envoy sends to an authorization service over HTTP besides what is allowed. */
const ALWAYS_SENT_BY_ENVOY = ['authorization'];

function only(headers: Headers, isAllowed: (name: string) => boolean): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => isAllowed(name.toLowerCase())));
}

interface TraefikFile {
  readonly http: {
    readonly middlewares: {
      readonly 'proxy-headers': { readonly headers: { readonly customRequestHeaders: Headers } };
      readonly gatehouse: {
        readonly forwardAuth: {
          readonly address: string;
          readonly trustForwardHeader: boolean;
          readonly authRequestHeaders: readonly string[];
          readonly authResponseHeadersRegex: string;
        };
      };
      readonly 'no-credentials': { readonly headers: { readonly customRequestHeaders: Headers } };
    };
  };
}

/** ForwardAuth of Traefik 3: GET, the listed headers, and X-Forwarded-* of its own unless it trusts the client's. */
export function traefik(): EmulatedProxy {
  const { middlewares } = (parse(textOf('traefik.yml')) as TraefikFile).http;
  const { address, trustForwardHeader, authRequestHeaders, authResponseHeadersRegex } =
    middlewares.gatehouse.forwardAuth;
  const allowed = new Set(authRequestHeaders.map((name) => name.toLowerCase()));
  const blanked = [middlewares['proxy-headers'], middlewares['no-credentials']].flatMap(({ headers }) =>
    Object.entries(headers.customRequestHeaders).map(([name, value]) => (value === '' ? name.toLowerCase() : '')),
  );
  // Go writes the flag for all of a pattern at its start.
  const pattern = new RegExp(authResponseHeadersRegex.replace(/^\(\?i\)/, ''), 'i');
  return {
    question: ({ method, target, headers }) => ({
      path: new URL(address).pathname,
      headers: {
        ...only(headers, (name) => allowed.has(name) || (trustForwardHeader && name.startsWith('x-forwarded-'))),
        'X-Forwarded-For': CLIENT,
        'X-Forwarded-Host': 'api.example.com',
        'X-Forwarded-Method': method,
        'X-Forwarded-Port': '80',
        'X-Forwarded-Proto': 'http',
        'X-Forwarded-Uri': target,
      },
    }),
    copiesToService: (header) => pattern.test(header),
    // The entry point removes X-Forwarded-* of clients that it doesn't trust.
    removes: (header) => pattern.test(header) || blanked.includes(header) || header.startsWith('x-forwarded-'),
  };
}

interface Pattern {
  readonly exact?: string;
  readonly prefix?: string;
}
interface Patterns {
  readonly patterns: readonly Pattern[];
}
interface EnvoyFilter {
  readonly '@type': string;
  readonly failure_mode_allow: boolean;
  readonly allowed_headers: Patterns;
  readonly http_service: {
    readonly path_prefix: string;
    readonly authorization_response: { readonly allowed_upstream_headers: Patterns };
  };
}
interface Mutation {
  readonly remove?: string;
  readonly remove_on_match?: { readonly key_matcher: Pattern };
}
interface EnvoyManager {
  readonly http_filters: readonly { readonly typed_config: EnvoyFilter }[];
  readonly early_header_mutation_extensions: readonly {
    readonly typed_config: { readonly mutations: readonly Mutation[] };
  }[];
  readonly route_config: {
    readonly virtual_hosts: readonly { readonly request_headers_to_remove: readonly string[] }[];
  };
}

const isMatched = (header: string, patterns: readonly Pattern[]) =>
  patterns.some(({ exact, prefix }) => header === exact || (prefix !== undefined && header.startsWith(prefix)));

/** ext_authz of Envoy over HTTP: the client's method, the path behind a prefix, and the allowed headers. */
function askedByEnvoy({ method, target, headers }: ClientRequest, prefix: string, allowed: readonly Pattern[]): Ask {
  // With `use_remote_address` Envoy appends the client before any filter runs.
  const chain = [headers['X-Forwarded-For'], CLIENT].filter((each) => each !== undefined).join(',');
  const all = { ...headers, 'X-Forwarded-For': chain };
  return {
    method,
    path: prefix + target,
    headers: only(all, (name) => ALWAYS_SENT_BY_ENVOY.includes(name) || isMatched(name, allowed)),
  };
}

export function envoy(): EmulatedProxy {
  const file = parse(textOf('envoy.yaml')) as {
    static_resources: { listeners: { filter_chains: { filters: { typed_config: EnvoyManager }[] }[] }[] };
  };
  const manager = file.static_resources.listeners[0]!.filter_chains[0]!.filters[0]!.typed_config;
  const filter = manager.http_filters[0]!.typed_config;
  const mutations = manager.early_header_mutation_extensions[0]!.typed_config.mutations;
  const removed: Pattern[] = mutations.map(({ remove, remove_on_match }) =>
    remove === undefined ? remove_on_match!.key_matcher : { exact: remove },
  );
  const afterwards = manager.route_config.virtual_hosts[0]!.request_headers_to_remove;
  return {
    question: (request) => askedByEnvoy(request, filter.http_service.path_prefix, filter.allowed_headers.patterns),
    copiesToService: (header) =>
      isMatched(header, filter.http_service.authorization_response.allowed_upstream_headers.patterns),
    removes: (header) => isMatched(header, removed) || afterwards.includes(header),
  };
}

interface Manifest {
  readonly kind: string;
  readonly spec: {
    readonly rules: readonly {
      readonly filters: readonly { readonly requestHeaderModifier: { readonly remove: readonly string[] } }[];
    }[];
    readonly extAuth: {
      readonly failOpen: boolean;
      readonly headersToExtAuth: readonly string[];
      readonly http: { readonly path: string; readonly headersToBackend: readonly string[] };
    };
    readonly headers: {
      readonly earlyRequestHeaders: {
        readonly remove: readonly string[];
        readonly removeOnMatch: readonly { readonly type: 'Prefix' | 'Exact'; readonly value: string }[];
      };
    };
  };
}

/** Envoy Gateway, which configures the same filter of Envoy. */
export function envoyGateway(): EmulatedProxy {
  const manifests = parseAllDocuments(textOf('kubernetes-gateway.yaml')).map((each) => each.toJS() as Manifest);
  const specOf = (kind: string) => manifests.find((each) => each.kind === kind)!.spec;
  const { extAuth } = specOf('SecurityPolicy');
  const { remove, removeOnMatch } = specOf('ClientTrafficPolicy').headers.earlyRequestHeaders;
  const removed: Pattern[] = [
    ...remove.map((exact) => ({ exact })),
    ...removeOnMatch.map(({ type, value }) => (type === 'Prefix' ? { prefix: value } : { exact: value })),
  ];
  const afterwards = specOf('HTTPRoute').rules[0]!.filters[0]!.requestHeaderModifier.remove;
  return {
    question: (request) =>
      askedByEnvoy(
        request,
        extAuth.http.path,
        extAuth.headersToExtAuth.map((exact) => ({ exact })),
      ),
    copiesToService: (header) => extAuth.http.headersToBackend.includes(header),
    removes: (header) =>
      isMatched(header, removed) || afterwards.some((each) => each.toLowerCase() === header.toLowerCase()),
  };
}
