import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { SignatureKind } from './webhook-endpoint.entity.js';

const SECRET_PREFIX = 'whsec_';
const PRIVATE_PREFIX = 'whsk_';
const PUBLIC_PREFIX = 'whpk_';
const SECRET_BYTES = 32;
/** Of an Ed25519 key in PKCS #8 (RFC 8410); the 32 bytes of the seed follow. */
const PKCS8_START = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

export interface WebhookSecret {
  /** Base64 behind the prefix that Standard Webhooks gives to its kind. */
  readonly secret: string;
  /** Only of Ed25519. */
  readonly publicKey: string | null;
}

/** `whsec_` and 256 random bits, or `whsk_` and an Ed25519 seed with its public key, which is `whpk_` and 32 bytes. */
export function mintWebhookSecret(kind: SignatureKind): WebhookSecret {
  if (kind === 'hmac') return { secret: SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64'), publicKey: null };
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-SEED_BYTES);
  const shown = publicKey.export({ type: 'spki', format: 'der' }).subarray(-SEED_BYTES);
  return {
    secret: PRIVATE_PREFIX + Buffer.concat([seed, shown]).toString('base64'),
    publicKey: PUBLIC_PREFIX + shown.toString('base64'),
  };
}

/**
 * Returns the signing headers of Standard Webhooks (standardwebhooks.com): `v1` is HMAC-SHA256, `v1a` Ed25519.
 * @param secrets those that are valid; each adds a signature
 * @param id the same for all attempts of a delivery
 */
export function signedHeaders(secrets: readonly string[], id: string, at: Date, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signed = Buffer.from(`${id}.${timestamp}.${body}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => signatureOf(secret, signed)).join(' '),
  };
}

function signatureOf(secret: string, signed: Buffer): string {
  if (secret.startsWith(PRIVATE_PREFIX)) {
    const seed = Buffer.from(secret.slice(PRIVATE_PREFIX.length), 'base64').subarray(0, SEED_BYTES);
    const key = createPrivateKey({ key: Buffer.concat([PKCS8_START, seed]), format: 'der', type: 'pkcs8' });
    return `v1a,${sign(null, signed, key).toString('base64')}`;
  }
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
