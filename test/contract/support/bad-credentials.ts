import { mintOpaqueKey } from '../../../src/access/credentials/credential-format.js';
import { bearer, cookie, type Credentials, type Headers, pair } from './credentials.js';

/** Texts that are not a valid credential of any kind. @param jwt a valid JWT, to derive broken ones from */
export function malformedCredentials(jwt: Headers): Credentials {
  const token = tokenOf(jwt);
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const key = mintOpaqueKey('ocx', 'live');
  const none = Buffer.from('{"alg":"none","typ":"org+jwt"}').toString('base64url');
  return {
    'an empty Authorization': { Authorization: '' },
    'a scheme without a token': { Authorization: 'Bearer' },
    'another scheme': { Authorization: 'Basic dXNlcjpwYXNzd29yZA==' },
    'a token without a scheme': { Authorization: token },
    'two tokens': { Authorization: `Bearer ${token} ${token}` },
    'a token and a comma': { Authorization: `Bearer ${token},${token}` },
    'a long token': bearer('x'.repeat(5_000)),
    'not a key': bearer('not-a-key'),
    'a key of another product': bearer(mintOpaqueKey('acme', 'live')),
    'a key of another environment': bearer(mintOpaqueKey('ocx', 'test')),
    'a key with a wrong checksum': bearer(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`),
    'a JWT with a wrong signature': bearer(`${header}.${payload}.${flipped(signature)}`),
    'a JWT with another payload': bearer(`${header}.${flipped(payload)}.${signature}`),
    'a JWT of alg none': bearer(`${none}.${payload}.`),
    'half a key and secret': { 'X-API-Key': 'ocx_key_0123456789012345678901' },
    'the other half': { 'X-API-Secret': 'ocx_sec_0' },
    'an empty secret': pair({ key: 'ocx_key_0123456789012345678901', secret: '' }),
    'no key and secret': pair({ key: 'a', secret: 'b' }),
    'an empty session': cookie(''),
    'no session': cookie('invalid'),
    'two sessions': cookie(`${'0'.repeat(64)}; gatehouse_session=${'1'.repeat(64)}`),
  };
}

/** Valid credentials, each sent the way another kind is sent. */
export function misplacedCredentials(good: Credentials): Credentials {
  const entries = Object.entries(good).flatMap(([what, headers]): [string, Headers][] => {
    const token = tokenOf(headers);
    const places: Record<string, Headers> = {
      'as a bearer token': bearer(token),
      'as a key and secret': pair({ key: token, secret: token }),
      'as a session': cookie(token),
    };
    const own = 'Authorization' in headers ? 'as a bearer token' : 'Cookie' in headers ? 'as a session' : '';
    return Object.entries(places)
      .filter(([place]) => place !== own)
      .map(([place, sent]) => [`${what} ${place}`, sent]);
  });
  return Object.fromEntries(entries);
}

/** The token of the credential; for a pair, its public half. */
function tokenOf(headers: Headers): string {
  const { Authorization: authorization, Cookie: session } = headers;
  return authorization?.split(' ')[1] ?? session?.split('=')[1] ?? headers['X-API-Key']!;
}

/** Flips a bit at the start: the last bits of base64url may be padding. */
function flipped(text: string): string {
  return `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
}
