import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { mintWebhookSecret, signedHeaders } from './sign-webhook.js';

const BODY = '{"type":"webhook.test","data":{"name":"Zoë"}}';

it('a delivery is signed as in the example of Standard Webhooks', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const at = new Date(1_614_265_330_000);
  expect(signedHeaders([secret], 'msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}')).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('a secret has 256 random bits in base64', () => {
  expect(mintWebhookSecret('hmac').secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(mintWebhookSecret('hmac').secret).not.toBe(mintWebhookSecret('hmac').secret);
});

it('the package standardwebhooks verifies with each of two secrets, and refuses a third', () => {
  const [older, newer, other] = [0, 1, 2].map(() => mintWebhookSecret('hmac').secret) as [string, string, string];
  const headers = signedHeaders([newer, older], 'id', new Date(), BODY);
  for (const secret of [older, newer]) expect(new Webhook(secret).verify(BODY, headers)).toEqual(JSON.parse(BODY));
  expect(() => new Webhook(other).verify(BODY, headers)).toThrow('No matching signature found');
});

it('an Ed25519 signature is verified with the public key alone', () => {
  const { secret, publicKey } = mintWebhookSecret('ed25519');
  expect(publicKey).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
  const headers = signedHeaders([secret], 'id', new Date(), BODY);
  const [version, signature] = headers['webhook-signature']!.split(',') as [string, string];
  const x = Buffer.from(publicKey!.slice('whpk_'.length), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const signed = Buffer.from(`id.${headers['webhook-timestamp']}.${BODY}`);
  expect(version).toBe('v1a');
  expect(verify(null, signed, key, Buffer.from(signature, 'base64'))).toBe(true);
});
