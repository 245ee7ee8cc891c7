import type { IncomingHttpHeaders } from 'node:http';
import type { Audience } from '../scopes/audience.js';

/** The credential in a request; undefined parts weren't sent. */
export type PresentedCredential =
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'pair'; readonly key: string; readonly secret: string }
  | { readonly kind: 'session'; readonly token: string };

/** Longer than every valid credential, JWTs included; longer tokens are not hashed. */
const CREDENTIAL_CHARACTERS_MAX = 2_048;
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;
const BEARER = /^Bearer +([^\s,]+)$/i;

/**
 * Reads the kind of credential that the audience takes and ignores others.
 * @param cookieName the name of the session cookie
 */
export function presentedCredential(
  headers: IncomingHttpHeaders,
  audience: Audience,
  cookieName: string,
): PresentedCredential | undefined {
  switch (audience) {
    case 'user':
      return sessionOf(headers.cookie, cookieName);
    case 'agent':
      return pairOf(headers);
    case 'any-key':
    case 'scoped-key':
      return pairOf(headers) ?? bearerOf(headers.authorization);
    case 'service':
      return bearerOf(headers.authorization) ?? basicOf(headers.authorization);
    default:
      return bearerOf(headers.authorization);
  }
}

function bearerOf(header: string | undefined): PresentedCredential | undefined {
  if (header === undefined || header.length > CREDENTIAL_CHARACTERS_MAX) return undefined;
  const token = BEARER.exec(header)?.[1];
  return token === undefined ? undefined : { kind: 'bearer', token };
}

/** The password is the key, as clients of RFC 7662 authenticate; the user may be any. */
function basicOf(header: string | undefined): PresentedCredential | undefined {
  if (header === undefined || header.length > CREDENTIAL_CHARACTERS_MAX) return undefined;
  const encoded = BASIC.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('latin1');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : { kind: 'bearer', token: decoded.slice(colon + 1) };
}

function pairOf(headers: IncomingHttpHeaders): PresentedCredential | undefined {
  const key = headers['x-api-key'];
  const secret = headers['x-api-secret'];
  if (typeof key !== 'string' || typeof secret !== 'string' || key === '' || secret === '') return undefined;
  if (key.length + secret.length > CREDENTIAL_CHARACTERS_MAX) return undefined;
  return { kind: 'pair', key, secret };
}

/** The session token in a Cookie header; undefined if the name occurs more than once. */
export function sessionOf(
  cookies: string | undefined,
  cookieName: string,
): Extract<PresentedCredential, { kind: 'session' }> | undefined {
  if (cookies === undefined) return undefined;
  const values = cookies
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(`${cookieName}=`));
  const token = values[0]?.slice(cookieName.length + 1);
  return token && values.length === 1 ? { kind: 'session', token } : undefined;
}
