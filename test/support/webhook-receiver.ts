import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { SeenRequest, StubServer } from './stub-server.js';
import { until } from './until.js';

/** The body of a delivery. */
export interface SentEvent {
  readonly type: string;
  readonly timestamp: string;
  readonly org_id?: string | null;
  readonly org_external_id?: string | null;
  readonly data: Record<string, unknown>;
  readonly changes?: Record<string, { readonly before: unknown; readonly after: unknown }> | null;
  readonly actor?: { readonly type: string; readonly id: string | null; readonly name: string };
}

export type Headers = Record<string, string>;

/** The event of a request, verified by the package of Standard Webhooks. @throws Error if no signature matches */
export function verified(request: SeenRequest, secret: string): SentEvent {
  return new Webhook(secret).verify(request.body, request.headers as Headers) as SentEvent;
}

/** Whether one signature of the request is of this public key (`whpk_…`). */
export function isSignedBy({ headers, body }: SeenRequest, publicKey: string): boolean {
  const x = Buffer.from(publicKey.slice('whpk_'.length), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const signed = Buffer.from(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`);
  return String(headers['webhook-signature'])
    .split(' ')
    .map((each) => each.split(','))
    .some(([version, signature]) => version === 'v1a' && verify(null, signed, key, Buffer.from(signature!, 'base64')));
}

/** Waits for deliveries to a path of the receiver. @returns exactly that many */
export async function deliveriesTo(receiver: StubServer, path: string, count: number): Promise<SeenRequest[]> {
  const seen = () => receiver.seen.filter((request) => request.path === path);
  await until(`${count} deliveries have arrived at ${path}`, () => seen().length >= count);
  return seen();
}
