import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';

const TOLERANCE_SECONDS = 5 * 60;

/**
 * Verifies a delivery and returns its event.
 * @param {string} key the endpoint's `signing_secret` (whsec_…) or `public_key` (whpk_…)
 * @param {Record<string, string>} headers with names in lower case
 * @param {Buffer} body the bytes as they arrived, before any JSON parser
 */
export function verifyWebhook(key, headers, body) {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS)) throw new Error('too old or too new');
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const matches = key.startsWith('whpk_') ? ed25519(key, signed) : hmac(key, signed);
  // While a secret is replaced, there are two signatures with a space between.
  if (!(headers['webhook-signature'] ?? '').split(' ').some(matches)) throw new Error('no signature matches');
  return JSON.parse(body.toString());
}

function hmac(secret, signed) {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const expected = Buffer.from(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  return (signature) => {
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}

function ed25519(publicKey, signed) {
  const x = Buffer.from(publicKey.slice('whpk_'.length), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return (signature) => {
    const [version, text = ''] = signature.split(',');
    return version === 'v1a' && verify(null, signed, key, Buffer.from(text, 'base64'));
  };
}
