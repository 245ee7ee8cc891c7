import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { Changes } from '../../src/kit/audit/changes.js';
import type { ManagedWebhookDelivery, NewManagedWebhook } from '../../src/kit/webhooks/managed-webhook.dto.js';
import { WEBHOOK_DELIVERY } from '../../src/kit/webhooks/webhook-delivery.job.js';
import type { Page, Wire } from '../../src/core/wire/wire-json.js';
import { changeJob } from '../support/job-settings.js';
import { type Signed, signedInAs } from '../support/manage.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { type SeenRequest, StubServer } from '../support/stub-server.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';
import { deliveriesTo, type Headers, isSignedBy, verified } from '../support/webhook-receiver.js';

const WEBHOOKS = '/manage/v1/webhooks';
/** Retries after a second instead of five. */
changeJob(WEBHOOK_DELIVERY, { retryAfterSeconds: 1 });

type Delivery = Wire<ManagedWebhookDelivery>;
type Endpoint = Wire<NewManagedWebhook> & { signing_secret: string };

let server: TestServer;
let receiver: StubServer;
let org: TestOrg;
let admin: Signed;
/** Of the present test. */
let path: string;
beforeAll(async () => {
  receiver = await StubServer.start('127.0.0.1');
  server = await TestServer.start({ OUTBOUND_ALLOWED_HOSTS: '127.0.0.1' });
});
afterAll(() => Promise.all([server.close(), receiver.close()]));
beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
  path = `/${randomUUID()}`;
  receiver.answers(204);
});

const subscribe = async (fields: object = {}) => {
  const body = { url: receiver.url + path, events: ['key_policy.updated'], ...fields };
  return (await admin.post(WEBHOOKS).send(body).expect(201)).body as Endpoint;
};
/** Makes events without other rows. */
const publish = (count = 1) =>
  server.app.get(Changes).change(OPERATOR, async (_manager, record) => {
    for (let left = count; left > 0; left--) {
      record({
        action: 'key_policy.updated',
        orgId: org.id,
        target: { type: 'key_policy', id: org.id, name: 'Policy' },
      });
    }
  });
const deliveriesOf = async ({ id }: { id: string }, query = '') =>
  (await admin.get(`${WEBHOOKS}/${id}/deliveries${query}`).expect(200)).body as Page<Delivery>;
const newest = async (endpoint: { id: string }) => (await deliveriesOf(endpoint, '?limit=1')).items[0]!;
const newestIs = async (endpoint: { id: string }, what: string, isIt: (delivery: Delivery) => boolean) => {
  await until(what, async () => isIt(await newest(endpoint)));
  return newest(endpoint);
};
const test = async ({ id }: { id: string }) =>
  (await admin.post(`${WEBHOOKS}/${id}/test`).expect(201)).body as Delivery;
const rotate = async ({ id }: { id: string }, body: object = {}) =>
  (await admin.post(`${WEBHOOKS}/${id}/rotate-secret`).send(body).expect(200)).body as Endpoint;

describe('a signature', () => {
  it('is verified with either secret while the old one is valid, and then with the new one alone', async () => {
    const { signing_secret: first, ...endpoint } = await subscribe();
    const { signing_secret: second, previous_secret_expires_at } = await rotate(endpoint);
    expect(Date.parse(previous_secret_expires_at!) - Date.now()).toBeGreaterThan(86_000_000);
    await publish();
    const [both] = await deliveriesTo(receiver, path, 1);
    for (const secret of [first, second]) {
      expect(verified(both!, secret)).toMatchObject({ type: 'key_policy.updated', org_id: org.id });
    }
    expect(String(both!.headers['webhook-signature']).split(' ')).toHaveLength(2);

    const { signing_secret: third, ...shown } = await rotate(endpoint, { grace_seconds: 0 });
    expect(shown.previous_secret_expires_at).toBe(null);
    await publish();
    const [, one] = await deliveriesTo(receiver, path, 2);
    expect(verified(one!, third)).toMatchObject({ type: 'key_policy.updated' });
    for (const secret of [first, second]) expect(() => verified(one!, secret)).toThrow('No matching signature');

    await rotate(endpoint, { grace_seconds: 60 });
    await server.database.query(
      `UPDATE webhook_endpoints SET previous_secret_expires_at = now() - interval '1 second' WHERE id = $1`,
      [endpoint.id],
    );
    await publish();
    const [, , last] = await deliveriesTo(receiver, path, 3);
    expect(() => verified(last!, third)).toThrow('No matching signature');
  });

  it('is Ed25519 if the endpoint says so, and the private key is never shown', async () => {
    const endpoint = await subscribe({ signature: 'ed25519' });
    expect(endpoint).toMatchObject({ signature: 'ed25519', signing_secret: null });
    const rotated = await rotate(endpoint);
    expect(rotated).toMatchObject({ signing_secret: null });
    expect(rotated.public_key).not.toBe(endpoint.public_key);
    await publish();
    const [request] = await deliveriesTo(receiver, path, 1);
    for (const { public_key } of [endpoint, rotated]) expect(isSignedBy(request!, public_key!)).toBe(true);
    const other = await subscribe({ signature: 'ed25519', events: ['service.deleted'] });
    expect(isSignedBy(request!, other.public_key!)).toBe(false);
    expect((await admin.get(`${WEBHOOKS}/${endpoint.id}`).expect(200)).body).toMatchObject({
      public_key: rotated.public_key,
    });
  });

  it('is verified by the example of the documentation', async () => {
    const example = new URL('../../docs/examples/verify_webhook.mjs', import.meta.url).href;
    const { verifyWebhook } = (await import(example)) as {
      verifyWebhook: (key: string, headers: Headers, body: Buffer) => object;
    };
    const hmac = await subscribe();
    const { public_key } = await subscribe({ signature: 'ed25519', url: `${receiver.url}${path}/ed25519` });
    await publish();
    for (const [at, key] of [
      [path, hmac.signing_secret],
      [`${path}/ed25519`, public_key!],
    ] as const) {
      const [{ headers, body }] = (await deliveriesTo(receiver, at, 1)) as [SeenRequest];
      const sent = Buffer.from(body);
      expect(verifyWebhook(key, headers as Headers, sent)).toEqual(JSON.parse(body));
      expect(() => verifyWebhook(key, headers as Headers, Buffer.concat([sent, sent]))).toThrow('no signature matches');
      const old = { ...(headers as Headers), 'webhook-timestamp': '1614265330' };
      expect(() => verifyWebhook(key, old, sent)).toThrow('too old');
    }
  });

  it('covers the body, the id and the time', async () => {
    const { signing_secret } = await subscribe();
    await publish();
    const [request] = await deliveriesTo(receiver, path, 1);
    const webhook = new Webhook(signing_secret);
    const headers = request!.headers as Headers;
    const seconds = Number(headers['webhook-timestamp']);
    expect(Math.abs(Date.now() / 1_000 - seconds)).toBeLessThan(60);
    const changed = [
      [`${request!.body} `, headers],
      [request!.body, { ...headers, 'webhook-id': randomUUID() }],
      [request!.body, { ...headers, 'webhook-timestamp': String(seconds + 1) }],
    ] as const;
    for (const [body, given] of changed) expect(() => webhook.verify(body, given)).toThrow('No matching signature');
    expect(headers['content-type']).toBe('application/json');
  });

  it('uses secrets that are encrypted at rest, the old one too', async () => {
    const { id, signing_secret } = await subscribe();
    const { signing_secret: next } = await rotate({ id });
    const { rows } = await server.database.query(
      'SELECT secret, previous_secret FROM webhook_endpoints WHERE id = $1',
      [id],
    );
    for (const sealed of Object.values(rows[0]!) as Buffer[]) {
      for (const secret of [signing_secret, next]) {
        expect(sealed.includes(Buffer.from(secret.slice('whsec_'.length), 'base64'))).toBe(false);
        expect(sealed.includes(secret)).toBe(false);
      }
    }
  });
});

describe('a delivery that fails', () => {
  it('is repeated with the same id and body, and each attempt is in the log', async () => {
    const endpoint = await subscribe();
    receiver.answers(500);
    await publish();
    await deliveriesTo(receiver, path, 1);
    receiver.answers(200);
    const { attempt_log, ...delivery } = await newestIs(
      endpoint,
      'it is delivered',
      (each) => each.status === 'delivered',
    );
    expect(delivery).toMatchObject({ attempts: 2, response_status: 200, error: null, next_attempt_at: null });
    const at = expect.any(String);
    const duration_ms = expect.any(Number);
    expect(attempt_log).toEqual([
      { at, duration_ms, response_status: 500, error: 'The endpoint answered 500.' },
      { at, duration_ms, response_status: 200, error: null },
    ]);
    const [first, second] = await deliveriesTo(receiver, path, 2);
    expect(second!.body).toBe(first!.body);
    expect(first!.headers['webhook-id']).toBe(delivery.id);
    expect(second!.headers['webhook-id']).toBe(delivery.id);
  });

  it.each([
    ['120', 120, 130],
    ['1000000', 6 * 3_600 - 5, 6 * 3_600 + 5],
    [new Date(Date.now() + 900_000).toUTCString(), 800, 901],
  ])('waits as long as Retry-After says, but at most six hours: %s', async (retryAfter, least, most) => {
    const endpoint = await subscribe();
    receiver.answers(429, {}, { 'retry-after': retryAfter });
    await publish();
    const { next_attempt_at } = await newestIs(endpoint, 'it was tried', ({ attempts }) => attempts === 1);
    const seconds = (Date.parse(next_attempt_at!) - Date.now()) / 1_000;
    expect(seconds).toBeGreaterThan(least - 20);
    expect(seconds).toBeLessThan(most);
  });

  it('for three days is given up, and the endpoint that accepted nothing meanwhile is disabled', async () => {
    const endpoint = await subscribe({ events: ['key_policy.updated', 'webhook_endpoint.*'] });
    receiver.answers(500);
    await publish();
    const { id } = await newestIs(endpoint, 'it was tried', ({ attempts }) => attempts === 1);
    await server.database.query('UPDATE webhook_deliveries SET give_up_at = now() WHERE id = $1', [id]);
    await newestIs(endpoint, 'it is given up', ({ status }) => status === 'failed');
    const shown = (await admin.get(`${WEBHOOKS}/${endpoint.id}`).expect(200)).body as Endpoint;
    expect(shown).toMatchObject({ is_enabled: false, disabled_reason: 'failing' });
    const { body } = await admin.get('/manage/v1/audit?action=webhook_endpoint.disabled').expect(200);
    expect((body as { items: object[] }).items).toMatchObject([
      { actor: { type: 'system' }, changes: { disabled_reason: { before: null, after: 'failing' } } },
    ]);
    const again = await admin.patch(`${WEBHOOKS}/${endpoint.id}`).send({ is_enabled: true }).expect(200);
    expect(again.body).toMatchObject({ is_enabled: true, disabled_reason: null });
  });

  it('for three days is given up, but an endpoint that accepted another one stays enabled', async () => {
    const endpoint = await subscribe();
    receiver.answers(500);
    await publish();
    const { id } = await newestIs(endpoint, 'it was tried', ({ attempts }) => attempts === 1);
    receiver.answer = ({ headers }, response) => response.writeHead(headers['webhook-id'] === id ? 500 : 204).end();
    await publish();
    await newestIs(endpoint, 'the other one arrived', ({ status }) => status === 'delivered');
    await server.database.query('UPDATE webhook_deliveries SET give_up_at = now() WHERE id = $1', [id]);
    await until('it is given up', async () => (await deliveriesOf(endpoint, '?status=failed')).items.length === 1);
    expect((await admin.get(`${WEBHOOKS}/${endpoint.id}`).expect(200)).body).toMatchObject({ is_enabled: true });
  });

  it('with 410 ends at once, and the endpoint is disabled', async () => {
    const endpoint = await subscribe();
    receiver.answers(410);
    await publish();
    const delivery = await newestIs(endpoint, 'it has ended', ({ status }) => status === 'failed');
    expect(delivery).toMatchObject({ attempts: 1, response_status: 410, next_attempt_at: null });
    const shown = (await admin.get(`${WEBHOOKS}/${endpoint.id}`).expect(200)).body;
    expect(shown).toMatchObject({ is_enabled: false, disabled_reason: 'gone' });
    await publish();
    expect((await deliveriesOf(endpoint)).items).toHaveLength(1);
  });
});

describe('an endpoint that does not answer', () => {
  it("holds a share of the workers, so that others' deliveries arrive", async () => {
    const open: ServerResponse[] = [];
    const hanging = await StubServer.start('127.0.0.1');
    hanging.answer = (_request, response) => void open.push(response);
    try {
      const dead = await subscribe({ url: hanging.url });
      await publish(40);
      await until('it is called', () => open.length > 0);
      const alive = await subscribe();
      await publish(40);
      const seen = await deliveriesTo(receiver, path, 40);
      expect(new Set(seen.map(({ headers }) => headers['webhook-id'])).size).toBe(40);
      expect(open.length).toBeLessThanOrEqual(WEBHOOK_DELIVERY.atOncePerGroup!);
      expect((await deliveriesOf(dead, '?status=delivered')).items).toEqual([]);
      expect((await deliveriesOf(alive, '?status=delivered')).items.length).toBeGreaterThan(0);
      for (const { id } of [dead, alive]) await admin.delete(`${WEBHOOKS}/${id}`).expect(204);
    } finally {
      for (const response of open) response.destroy();
      await hanging.close();
    }
  });
});

describe('the log', () => {
  it('has pages and filters by status, type and time', async () => {
    const endpoint = await subscribe();
    await publish(5);
    await until(
      'all are delivered',
      async () => (await deliveriesOf(endpoint, '?status=delivered')).items.length === 5,
    );
    await test(endpoint);
    const first = await deliveriesOf(endpoint, '?limit=4');
    const second = await deliveriesOf(endpoint, `?limit=4&cursor=${first.next}`);
    expect([first.items.length, second.items.length, second.next]).toEqual([4, 2, null]);
    expect((await deliveriesOf(endpoint, '?type=webhook.test')).items).toHaveLength(1);
    expect((await deliveriesOf(endpoint, '?type=api_key.created')).items).toEqual([]);
    expect((await deliveriesOf(endpoint, '?from=2099-01-01')).items).toEqual([]);
    await admin.get(`${WEBHOOKS}/${endpoint.id}/deliveries?status=lost`).expect(400);
    await admin.get(`${WEBHOOKS}/${endpoint.id}/deliveries/${UNKNOWN_ID}`).expect(404);
  });

  it('sends one delivery again, also a pending one, and a later job of it does nothing', async () => {
    const endpoint = await subscribe();
    receiver.answers(503, {}, { 'retry-after': '3' });
    await publish();
    const { id } = await newestIs(endpoint, 'it was tried', ({ attempts }) => attempts === 1);
    receiver.answers(204);
    const replay = `${WEBHOOKS}/${endpoint.id}/deliveries/${id}/replay`;
    expect((await admin.post(replay).expect(200)).body).toMatchObject({ id, status: 'pending', ended_at: null });
    await newestIs(endpoint, 'it is delivered', ({ status }) => status === 'delivered');
    await admin.post(replay).expect(200);
    const [, second, third] = await deliveriesTo(receiver, path, 3);
    expect([second!.headers['webhook-id'], third!.headers['webhook-id']]).toEqual([id, id]);
    // The job that Retry-After had put off runs before a later event of the same endpoint is tried again.
    receiver.answers(503);
    await publish();
    await newestIs(endpoint, 'another one was tried twice', ({ attempts }) => attempts === 2);
    receiver.answers(204);
    const of = receiver.seen.filter(({ headers }) => headers['webhook-id'] === id);
    expect(of).toHaveLength(3);
  });

  it('sends all again that failed since a time', async () => {
    const endpoint = await subscribe();
    await publish(3);
    await until(
      'all are delivered',
      async () => (await deliveriesOf(endpoint, '?status=delivered')).items.length === 3,
    );
    const fail = `UPDATE webhook_deliveries SET status = 'failed', created_at = created_at - $2::interval
      WHERE id = ANY (ARRAY(SELECT id FROM webhook_deliveries WHERE endpoint_id = $1 AND status = 'delivered' LIMIT $3))`;
    await server.database.query(fail, [endpoint.id, '2 days', 1]);
    await server.database.query(fail, [endpoint.id, '0 days', 1]);
    const replay = (since: Date) =>
      admin.post(`${WEBHOOKS}/${endpoint.id}/replay`).send({ since: since.toISOString() }).expect(200);
    expect((await replay(new Date(Date.now() - 86_400_000))).body).toEqual({ replayed: 1 });
    expect((await replay(new Date(Date.now() - 5 * 86_400_000))).body).toEqual({ replayed: 1 });
    expect((await replay(new Date(0))).body).toEqual({ replayed: 0 });
    await deliveriesTo(receiver, path, 5);
    await admin.post(`${WEBHOOKS}/${endpoint.id}/replay`).send({}).expect(400);
  });

  it('has the test event, which any endpoint gets', async () => {
    const endpoint = await subscribe({ events: ['service.deleted'] });
    const { id } = await test(endpoint);
    const [request] = await deliveriesTo(receiver, path, 1);
    expect(request!.headers['webhook-id']).toBe(id);
    expect(verified(request!, endpoint.signing_secret)).toEqual({
      type: 'webhook.test',
      timestamp: expect.any(String),
      org_id: org.id,
      data: { endpoint_id: endpoint.id },
    });
  });

  it('refuses replays and tests of a disabled endpoint', async () => {
    const endpoint = await subscribe({ is_enabled: false });
    const calls = [
      admin.post(`${WEBHOOKS}/${endpoint.id}/test`),
      admin.post(`${WEBHOOKS}/${endpoint.id}/replay`).send({ since: '2026-01-01T00:00:00Z' }),
      admin.post(`${WEBHOOKS}/${endpoint.id}/deliveries/${UNKNOWN_ID}/replay`),
    ];
    for (const call of calls) {
      const { body } = await call.expect(409);
      expect(body).toMatchObject({ message: 'This webhook endpoint is disabled. Enable it first.' });
    }
  });

  it('forgets the deliveries of a deleted endpoint, also one that was made meanwhile', async () => {
    const endpoint = await subscribe();
    receiver.answers(503);
    await publish(2);
    await newestIs(endpoint, 'one was tried', ({ attempts }) => attempts > 0);
    await admin.delete(`${WEBHOOKS}/${endpoint.id}`).expect(204);
    const lost = await subscribe();
    await publish();
    await server.database.query('DELETE FROM webhook_endpoints WHERE id = $1', [lost.id]);
    const sql = 'SELECT FROM webhook_deliveries WHERE endpoint_id = ANY ($1)';
    const isGone = async () => (await server.database.query(sql, [[endpoint.id, lost.id]])).rows.length === 0;
    await until('no delivery is left', isGone);
  });
});
