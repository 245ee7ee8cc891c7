import { digestOf } from '../../access/credentials/credential-format.js';

/** Set by proxies. What came through one comes from elsewhere, whatever address the header names. */
const PROXY_HEADERS: ReadonlySet<string> = new Set([
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
]);

/** What a request for the metrics says of its client. */
export interface ScrapeFacts {
  /** Canonical; undefined: it can't be told. */
  readonly clientAddress: string | undefined;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** The Authorization header. */
  readonly authorization: string | undefined;
}

/**
 * Whether a client may read the metrics: from this machine and not through a proxy, or with the configured token. A
 * proxy that passes on a client's `X-Forwarded-For: 127.0.0.1` must not open them.
 */
export function mayScrape({ clientAddress, headers, authorization }: ScrapeFacts, token: string | undefined): boolean {
  if (isLoopback(clientAddress) && !Object.keys(headers).some(isSetByProxies)) return true;
  // Digests, so that how long comparing takes says nothing of the token.
  return token !== undefined && digestOf(authorization ?? '') === digestOf(`Bearer ${token}`);
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && (address === '::1' || address.startsWith('127.'));
}

function isSetByProxies(name: string): boolean {
  return PROXY_HEADERS.has(name) || name.startsWith('x-forwarded-');
}
