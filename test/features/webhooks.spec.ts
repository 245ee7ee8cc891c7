import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Conversations } from '../support/conversations.js';
import { TestServer } from '../support/start-app.js';
import { type SeenRequest, StubServer } from '../support/stub-server.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';

const EVENTS = [
  'conversation.started',
  'conversation.message_added',
  'conversation.status_changed',
  'conversation.handoff_to_human',
  'csat.score_submitted',
];

let server: TestServer;
let receiver: StubServer;
/** A host that must never receive a request. */
let internal: StubServer;
let here: Conversations;
beforeAll(async () => {
  [receiver, internal] = await Promise.all([StubServer.start('127.0.0.1'), StubServer.start('127.0.0.1')]);
  server = await TestServer.start({ OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}` });
});
afterAll(() => Promise.all([server.close(), receiver.close(), internal.close()]));
beforeEach(async () => {
  here = await Conversations.of(server);
  receiver.seen.length = 0;
  receiver.answers(204);
});

interface Endpoint {
  readonly id: string;
  readonly signing_secret: string;
  readonly [field: string]: unknown;
}
interface Sent {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Record<string, unknown>;
}
const subscribe = async (events: readonly string[], fields: object = {}, as = here.client) =>
  (
    await as
      .post('/webhooks')
      .send({ url: `${receiver.url}/hook`, events, ...fields })
      .expect(201)
  ).body as Endpoint;
const sent = (request: SeenRequest) => JSON.parse(request.body) as Sent;
const received = async (count: number) => {
  await until(`${count} deliveries have arrived`, async () => receiver.seen.length >= count, { everyMs: 20 });
  expect(receiver.seen).toHaveLength(count);
  return receiver.seen;
};
const deliveriesOf = ({ id }: Endpoint, query = '') => here.items(`/webhooks/${id}/deliveries${query}`);
const ended = async (endpoint: Endpoint) => {
  const haveEnded = async () => (await deliveriesOf(endpoint)).every(({ status }) => status !== 'pending');
  await until('every delivery has ended', haveEnded, { everyMs: 20 });
  return deliveriesOf(endpoint);
};

describe('an endpoint', () => {
  it('gets every event of its org with the rows that it is about, signed as Standard Webhooks says', async () => {
    const endpoint = await subscribe(EVENTS);
    const contact = { email: 'ada@example.com', name: 'Ada' };
    const { body } = await here.client.post('/contacts').send({ contact }).expect(201);
    const session_id = await here.start({ contact_id: (body as { id: string }).id });
    await here.send(session_id, 'contact', { message: { type: 'text', text: 'Where is my boat?' } });
    await here.handOff(session_id, ['prohibited_topic'], { summary: 'About a boat' });
    await here.setStatus(session_id, 'closed_resolved');
    await here.client.post('/csat/scores').send({ session_id, score: 2, comment: 'Too slow' }).expect(201);

    const requests = await received(EVENTS.length);
    for (const { method, path, headers, body: text } of requests) {
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = headers;
      const key = Buffer.from(endpoint.signing_secret.replace('whsec_', ''), 'base64');
      const expected = createHmac('sha256', key)
        .update(`${String(id)}.${String(at)}.${text}`)
        .digest('base64');
      expect({ method, path, signature }).toEqual({ method: 'POST', path: '/hook', signature: `v1,${expected}` });
      expect(Math.abs(Date.now() / 1_000 - Number(at))).toBeLessThan(60);
    }
    const byType = new Map(requests.map((request) => [sent(request).type, sent(request).data]));
    const common = {
      session_id,
      session: expect.objectContaining({ id: session_id, channel: 'api' }),
      contact: expect.objectContaining(contact),
    };
    const message = { sender: 'contact', sender_name: null, text: 'Where is my boat?', attachments: [] };
    expect(Object.fromEntries(byType)).toEqual({
      'conversation.started': common,
      'conversation.message_added': {
        ...common,
        message_id: expect.any(String),
        message: { id: byType.get('conversation.message_added')!['message_id'], ...message },
      },
      'conversation.status_changed': { ...common, status: 'closed_resolved', previous_status: 'open' },
      'conversation.handoff_to_human': {
        ...common,
        reasons: ['prohibited_topic'],
        handoff: { reasons: ['prohibited_topic'], summary: 'About a boat', explanation: null },
      },
      'csat.score_submitted': { ...common, score: 2, comment: 'Too slow' },
    });
    expect(await ended(endpoint)).toHaveLength(EVENTS.length);
    expect(await deliveriesOf(endpoint, '?status=delivered&limit=1')).toEqual([
      {
        id: requests.find((request) => sent(request).type === 'csat.score_submitted')!.headers['webhook-id'],
        type: 'csat.score_submitted',
        status: 'delivered',
        attempts: 1,
        response_status: 204,
        error: null,
        ended_at: expect.any(String),
        created_at: expect.any(String),
        updated_at: expect.any(String),
      },
    ]);
  });

  it('gets only what it subscribed to, of its own org, and nothing that was rolled back', async () => {
    const endpoint = await subscribe(['conversation.message_added']);
    const theirs = await Conversations.of(server);
    await theirs.send(await theirs.start(), 'contact');
    await here.client.post('/chat/sessions').send({ contact_id: UNKNOWN_ID }).expect(404);
    const session = await here.start();
    await here.send(session, 'agent');
    await here.client.patch(`/webhooks/${endpoint.id}`).send({ is_enabled: false }).expect(200);
    await here.send(session, 'agent');
    await ended(endpoint);
    expect((await deliveriesOf(endpoint)).map(({ type }) => type)).toEqual(['conversation.message_added']);
  });

  it('is called again with the same id until it answers 2xx', async () => {
    const endpoint = await subscribe(['conversation.started']);
    receiver.answers(503);
    await here.start();
    await received(1);
    const pending = { status: 'pending', attempts: 1, response_status: 503, error: 'The endpoint answered 503.' };
    await until('the attempt is noted', async () => (await deliveriesOf(endpoint))[0]!['attempts'] === 1);
    expect(await deliveriesOf(endpoint)).toMatchObject([pending]);
    receiver.answers(200);
    expect(await ended(endpoint)).toMatchObject([{ status: 'delivered', attempts: 2, error: null }]);
    const [first, second] = receiver.seen as [SeenRequest, SeenRequest];
    expect([second.headers['webhook-id'], second.body]).toEqual([first.headers['webhook-id'], first.body]);
  });

  it('that answers 410 is disabled', async () => {
    const endpoint = await subscribe(['conversation.started']);
    receiver.answers(410);
    await here.start();
    const error = 'The endpoint answered 410 and is now disabled.';
    expect(await ended(endpoint)).toMatchObject([{ status: 'failed', response_status: 410, error }]);
    expect((await here.client.get(`/webhooks/${endpoint.id}`).expect(200)).body).toMatchObject({ is_enabled: false });
  });

  it('is not called at an address that is not public, and redirects are not followed', async () => {
    const inside = await subscribe(['conversation.started'], { url: `http://127.0.0.1:${internal.port}/` });
    const redirecting = await subscribe(['conversation.started']);
    receiver.answers(302, {}, { location: `http://127.0.0.1:${internal.port}/` });
    await here.start();
    const noted = async (endpoint: Endpoint) => (await deliveriesOf(endpoint))[0]!['attempts'] === 1;
    await until('both were tried', async () => (await noted(inside)) && (await noted(redirecting)));
    const error = 'The endpoint could not be reached at a public https address.';
    expect(await deliveriesOf(inside)).toMatchObject([{ status: 'pending', response_status: null, error }]);
    expect(await deliveriesOf(redirecting)).toMatchObject([{ status: 'pending', response_status: 302 }]);
    expect(internal.connections).toBe(0);
    for (const { id } of [inside, redirecting]) await here.client.delete(`/webhooks/${id}`).expect(204);
  });

  it('gets no text that was redacted before the delivery', async () => {
    const endpoint = await subscribe(['conversation.message_added']);
    receiver.answers(503);
    const session = await here.start();
    await here.send(session, 'contact', { message: { type: 'text', text: 'card 4929' } });
    await received(1);
    await here.client.post('/redaction/session').send({ session_id: session }).expect(200);
    receiver.answers(200);
    await ended(endpoint);
    expect(sent(receiver.seen.at(-1)!).data['message']).toMatchObject({ text: '[redacted]' });
  });

  it('shows its secret once, encrypted at rest', async () => {
    const { signing_secret, ...shown } = await subscribe(['csat.score_submitted'], { description: 'CRM' });
    expect(signing_secret).toMatch(/^whsec_/);
    expect(shown).toEqual({
      id: expect.any(String),
      url: `${receiver.url}/hook`,
      events: ['csat.score_submitted'],
      description: 'CRM',
      is_enabled: true,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(await here.items('/webhooks')).toEqual([shown]);
    const { rows } = await server.database.query('SELECT secret FROM webhook_endpoints WHERE id = $1', [shown.id]);
    expect((rows[0]!['secret'] as Buffer).includes(Buffer.from(signing_secret.slice(6)))).toBe(false);
    const theirs = await Conversations.of(server);
    await theirs.client.patch(`/webhooks/${shown.id}`).send({ is_enabled: false }).expect(404);
    await theirs.client.get(`/webhooks/${shown.id}/deliveries`).expect(404);
  });

  it('needs the scopes of what its events carry, except to be disabled', async () => {
    const scopes = ['webhooks:write', 'chat-sessions:read', 'contacts:read'];
    const client = server.as((await server.newOrgKey(here.org, { scopes })).key);
    const endpoint = await subscribe(['conversation.started'], {}, client);
    const scored = ['csat.score_submitted'];
    const missing = { message: 'This API key does not have the required scope: "csat:read".' };
    const post = client.post('/webhooks').send({ url: `${receiver.url}/hook`, events: scored });
    expect((await post.expect(403)).body).toMatchObject(missing);
    const patch = (body: object) => client.patch(`/webhooks/${endpoint.id}`).send(body);
    expect((await patch({ events: scored }).expect(403)).body).toMatchObject(missing);
    await here.client.patch(`/webhooks/${endpoint.id}`).send({ events: scored }).expect(200);
    await patch({ url: `${receiver.url}/other` }).expect(403);
    await patch({ is_enabled: false, description: 'Not now' }).expect(200);
    await patch({ is_enabled: true }).expect(403);
  });

  it('is one of at most 20, at a URL without credentials', async () => {
    for (const url of ['ftp://a.example', 'https://a:b@a.example', 'a.example', 'https://a.example/#x']) {
      const { body } = await here.client.post('/webhooks').send({ url, events: EVENTS }).expect(400);
      expect(body).toMatchObject({ message: 'url must be an https URL without credentials' });
    }
    for (let count = 0; count < 20; count++) await subscribe(['conversation.started']);
    const { body } = await here.client.post('/webhooks').send({ url: receiver.url, events: EVENTS }).expect(409);
    expect(body).toMatchObject({ message: 'The limit of 20 webhook endpoints is reached.' });
  });
});
