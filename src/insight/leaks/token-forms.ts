import { decodeJwt } from 'jose';
import {
  isWellFormedOpaqueKey,
  isWellFormedPairKey,
  isWellFormedPairSecret,
} from '../../access/credentials/credential-format.js';
import type { Config } from '../../core/config/config.js';

/** What a token can be by its form, its checksum and the issuer that it names. */
export type TokenForm = 'bearer' | 'pair_key' | 'pair_secret';

/** Longer than every credential. */
export const TOKEN_CHARACTERS_MAX = 2_048;

const JWT = /^eyJ[\w-]+\.[\w-]+\.[\w-]{86}$/;

/**
 * Sorts out tokens that this installation never made, without a query.
 * @param issuer the `iss` of the installation's JWTs
 * @returns undefined for any other text
 */
export function tokenForm(
  token: string,
  { keyPrefix, keyEnvironment }: Pick<Config, 'keyPrefix' | 'keyEnvironment'>,
  issuer: string,
): TokenForm | undefined {
  if (token.length > TOKEN_CHARACTERS_MAX) return undefined;
  if (isWellFormedOpaqueKey(token, keyPrefix, keyEnvironment)) return 'bearer';
  if (isWellFormedPairKey(token, keyPrefix)) return 'pair_key';
  if (isWellFormedPairSecret(token, keyPrefix)) return 'pair_secret';
  return JWT.test(token) && issuerOf(token) === issuer ? 'bearer' : undefined;
}

function issuerOf(jwt: string): string | undefined {
  try {
    return decodeJwt(jwt).iss;
  } catch {
    return undefined;
  }
}
