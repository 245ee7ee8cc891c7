import { digestOf } from '../../access/credentials/credential-format.js';

/** Headers that proxies set. A request through a proxy is not local, whatever address the header names. */
const PROXY_HEADERS: ReadonlySet<string> = new Set([
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
]);

/** The parts of a scrape request that decide about access. */
export interface ScrapeFacts {
  /** Canonical; undefined if unknown. */
  readonly clientAddress: string | undefined;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** The Authorization header. */
  readonly authorization: string | undefined;
}

/**
 * True if a client may read the metrics: it is on this machine and not behind a proxy, or it sends the configured token. A
 * proxy may forward a client's own `X-Forwarded-For: 127.0.0.1`, which must not give access.
 */
export function canScrape({ clientAddress, headers, authorization }: ScrapeFacts, token: string | undefined): boolean {
  if (isLoopback(clientAddress) && !Object.keys(headers).some(isSetByProxies)) return true;
  // Comparing digests leaks nothing about the token through timing.
  return token !== undefined && digestOf(authorization ?? '') === digestOf(`Bearer ${token}`);
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && (address === '::1' || address.startsWith('127.'));
}

function isSetByProxies(name: string): boolean {
  return PROXY_HEADERS.has(name) || name.startsWith('x-forwarded-');
}
