import { digestOf } from '../access/credential-format.js';

/**
 * Whether somebody may read the metrics: from this machine, or with the configured token.
 * @param address the client's, canonical; undefined: it can't be told
 * @param authorization the header
 */
export function mayScrape(
  address: string | undefined,
  authorization: string | undefined,
  token: string | undefined,
): boolean {
  if (address !== undefined && (address === '::1' || address.startsWith('127.'))) return true;
  // Digests, so that how long comparing takes says nothing of the token.
  return token !== undefined && digestOf(authorization ?? '') === digestOf(`Bearer ${token}`);
}
