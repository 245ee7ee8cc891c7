import { createPrivateKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { SecretBox } from '../../src/core/encryption/secret-box.js';
import {
  SIGNING_KEY_PURPOSE,
  SigningKeys,
  type JwtAudience,
} from '../../src/tenancy/signing-keys/signing-keys.service.js';
import type { TestServer } from './start-app.js';

/** The data to sign tokens as an installation. */
export interface SigningIdentity {
  readonly kid: string;
  readonly issuer: string;
  readonly publicJwk: JWK;
  readonly privateKey: KeyObject;
}

/** The newest signing key of the server, decrypted with its ENCRYPTION_KEY. */
export async function stolenIdentity(server: TestServer): Promise<SigningIdentity> {
  const { rows } = await server.database.pool.query(
    'select kid, public_jwk, private_jwk_encrypted from signing_keys order by created_at desc limit 1',
  );
  const { kid, public_jwk: publicJwk, private_jwk_encrypted: sealed } = rows[0];
  const jwk = JSON.parse(server.app.get(SecretBox).open(sealed, SIGNING_KEY_PURPOSE));
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  return { kid, issuer: await server.app.get(SigningKeys).issuer(), publicJwk, privateKey };
}

/** The signing key of another installation. */
export function foreignIdentity(): SigningIdentity {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const publicJwk = publicKey.export({ format: 'jwk' }) as JWK;
  return { kid: randomUUID(), issuer: randomUUID(), publicJwk, privateKey };
}

/** The header and claims of a token of an audience, as the server issues it. */
export function honestParts({ kid, issuer }: SigningIdentity, audience: JwtAudience, subject: string) {
  return {
    header: { alg: 'EdDSA', kid, typ: `${audience}+jwt` },
    claims: { iss: issuer, aud: audience, sub: subject, jti: randomUUID(), iat: Math.floor(Date.now() / 1000) },
  };
}

type Part = object | string;

/** Signs any header and claims with Ed25519 (text is used unchanged). */
export function forge(header: Part, claims: Part, privateKey: KeyObject): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`;
}

/** Encodes JSON as base64url. */
export function encoded(part: Part): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}
