import { beforeAll, describe, expect, it } from 'vitest';
import { DomainEventBus } from '../../src/kit/domain-events/domain-event-bus.js';
import type { DomainEvent, DomainEventName } from '../../src/kit/domain-events/domain-event.js';
import { LinkSigner } from '../../src/core/encryption/link-signer.js';
import { type Client, PUBLIC_URL, type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

interface Session {
  readonly id: string;
  readonly ticket_number: number;
  readonly status: string;
  readonly closed_at: string | null;
  readonly updated_at: string;
  readonly contact: Record<string, unknown> | null;
  readonly [field: string]: unknown;
}
interface Entry {
  readonly id: string;
  readonly event: { type: string; attachments?: { id: string; url: string }[]; [field: string]: unknown };
}

const server = TestServer.forSuite();
let org: TestOrg;
let client: Client;
let neighbour: Client;
/** Published events, in order. */
const told: DomainEvent[] = [];

beforeAll(async () => {
  const names: DomainEventName[] = [
    'contact.created',
    'conversation.started',
    'conversation.replied',
    'conversation.handoff_to_human',
    'conversation.closed',
    'conversation.reopened',
  ];
  for (const name of names) server.app.get(DomainEventBus).listen(name, async (_, event) => void told.push(event));
  org = await server.newOrg();
  client = await server.newClient(org);
  neighbour = await server.newClient();
});

async function start(fields: object = {}): Promise<string> {
  return ((await client.post('/chat/sessions').send(fields).expect(201)).body as { id: string }).id;
}
async function read(id: string): Promise<Session> {
  return (await client.get(`/chat/sessions/${id}`).expect(200)).body as Session;
}
async function history(id: string): Promise<Entry[]> {
  return ((await client.get(`/chat/sessions/${id}/history`).expect(200)).body as { items: Entry[] }).items;
}
const typesOf = async (id: string) => (await history(id)).map(({ event }) => event.type);
function send(id: string, sender: 'contact' | 'agent', fields: object = {}) {
  return client.post(`/chat/sessions/${id}/send`).send({ sender, message: { type: 'text', text: 'Hello' }, ...fields });
}
const toldOf = (id: string) =>
  told.filter((event) => 'sessionId' in event && event.sessionId === id).map(({ name }) => name);
async function newContact(email: string): Promise<string> {
  return ((await client.post('/contacts').send({ contact: { email } }).expect(201)).body as { id: string }).id;
}
async function member(email: string, of = org): Promise<string> {
  const { body } = await server.signedIn(await server.newSession(of, email)).get('/session');
  return (body as { user: { id: string } }).user.id;
}
async function newTeam(name: string, is_support_enabled: boolean): Promise<string> {
  return ((await client.post('/teams').send({ name, is_support_enabled }).expect(201)).body as { id: string }).id;
}

describe('a chat session', () => {
  it('is open at first, on a channel, with or without a contact of the org', async () => {
    const contact_id = await newContact('first@example.com');
    const id = await start({ contact_id, channel: { type: 'whatsapp' } });
    expect(await read(id)).toEqual({
      id,
      ticket_number: expect.any(Number),
      status: 'open',
      ai_closure_type: null,
      sentiment: null,
      channel: { type: 'whatsapp' },
      assist_mode: false,
      language: null,
      assignee_id: null,
      contact: expect.objectContaining({ id: contact_id, email: 'first@example.com', non_verified_name: null }),
      team: null,
      handoff: null,
      sla: null,
      ticketing_system: null,
      custom_data: {},
      tags: [],
      closed_at: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(await read(await start())).toMatchObject({ channel: { type: 'api' }, contact: null });
    expect(toldOf(id)).toEqual(['conversation.started']);
    for (const unknown of [UNKNOWN_ID, 'x']) {
      const { body } = await client.post('/chat/sessions').send({ contact_id: unknown }).expect(404);
      expect(body).toMatchObject({ message: 'Contact not found' });
    }
    await neighbour.post('/chat/sessions').send({ contact_id }).expect(404);
    await neighbour.get(`/chat/sessions/${id}`).expect(404);
  });

  it('has a unique, rising ticket number, also for concurrent sessions', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => start()));
    const numbers = (await Promise.all(ids.map(read))).map(({ ticket_number }) => ticket_number);
    expect(new Set(numbers).size).toBe(40);
    const { items } = (await client.get('/chat/sessions?limit=100').expect(200)).body as { items: Session[] };
    const listed = items.map(({ ticket_number }) => ticket_number);
    expect(listed).toEqual(listed.toSorted((one, other) => other - one));
    const theirs = (await neighbour.post('/chat/sessions').send({}).expect(201)).body as { id: string };
    expect((await neighbour.get(`/chat/sessions/${theirs.id}`)).body).toMatchObject({ ticket_number: 1 });
  });

  it('can be filtered by channel, status and handoff', async () => {
    const sms = await start({ channel: { type: 'sms' } });
    const closed = await start({ channel: { type: 'sms' } });
    const handed = await start({ channel: { type: 'sms' } });
    await client.patch(`/chat/sessions/${closed}`).send({ status: 'closed_resolved' }).expect(200);
    await client
      .post(`/chat/sessions/${handed}/handoff`)
      .send({ reasons: ['prohibited_topic'] })
      .expect(200);
    const idsOf = async (query: string) =>
      (
        (await client.get(`/chat/sessions?channel_type=sms&${query}`).expect(200)).body as { items: Session[] }
      ).items.map(({ id }) => id);
    expect(await idsOf('')).toEqual([handed, closed, sms]);
    expect(await idsOf('status=open')).toEqual([handed, sms]);
    expect(await idsOf('handed_off=true')).toEqual([handed]);
    expect(await idsOf('handed_off=false&status=closed_resolved')).toEqual([closed]);
    await client.get('/chat/sessions?status=closed').expect(400);
  });

  it('is closed once with a payload in its history, and reopened by an update or a message', async () => {
    const id = await start();
    const patch = (fields: object) => client.patch(`/chat/sessions/${id}`).send(fields);
    const payload = { closed_by: { name: 'Ada' } };
    const closed = (
      await patch({
        status: 'closed_resolved',
        session_closed_payload: payload,
        generate_summary_and_sentiment_on_resolve: true,
      }).expect(200)
    ).body as Session;
    expect(closed).toMatchObject({ status: 'closed_resolved', closed_at: expect.any(String) });
    await patch({ status: 'closed_resolved' }).expect(200);
    const other = (await patch({ status: 'closed_unresolved' }).expect(200)).body as Session;
    expect(other).toMatchObject({ status: 'closed_unresolved', closed_at: closed.closed_at });
    expect(toldOf(id)).toEqual(['conversation.started', 'conversation.closed']);
    expect((await patch({ status: 'open' }).expect(200)).body).toMatchObject({ status: 'open', closed_at: null });
    await patch({ status: 'closed_unresolved' }).expect(200);
    await send(id, 'contact').expect(200);
    expect(await read(id)).toMatchObject({ status: 'open', closed_at: null });
    expect(toldOf(id)).toEqual([
      'conversation.started',
      'conversation.closed',
      'conversation.reopened',
      'conversation.closed',
      'conversation.reopened',
    ]);
    expect(await typesOf(id)).toEqual([
      'message',
      'closed_unresolved_by_api',
      'closed_unresolved_by_api',
      'closed_resolved_by_api',
    ]);
    expect((await history(id)).at(-1)!.event).toEqual({ type: 'closed_resolved_by_api', context: payload });
    expect((await patch({}).expect(200)).body).toEqual(await read(id));
    await patch({ session_closed_payload: {} }).expect(400);
    await patch({ status: 'closed_resolved', session_closed_payload: { a: 'x'.repeat(17_000) } }).expect(400);
    await neighbour.patch(`/chat/sessions/${id}`).send({ status: 'open' }).expect(404);
  });

  it('names the ticket of another system, until it is cleared', async () => {
    const id = await start();
    const ticketing_system = { name: 'Zendesk', external_id: '4711', id_type: 'ticket_id' };
    const patch = (value: object | null) => client.patch(`/chat/sessions/${id}`).send({ ticketing_system: value });
    expect((await patch(ticketing_system).expect(200)).body).toMatchObject({ ticketing_system });
    expect((await patch(null).expect(200)).body).toMatchObject({ ticketing_system: null });
    await patch({ ...ticketing_system, id_type: 'number' }).expect(400);
  });

  it('is closed once by concurrent requests', async () => {
    const id = await start();
    const close = () => client.patch(`/chat/sessions/${id}`).send({ status: 'closed_resolved' }).expect(200);
    await Promise.all(Array.from({ length: 10 }, close));
    expect(toldOf(id)).toEqual(['conversation.started', 'conversation.closed']);
    expect(await typesOf(id)).toEqual(['closed_resolved_by_api']);
  });

  it('can be assigned only to members and to teams that receive sessions', async () => {
    const id = await start();
    const ada = await member('ada@acmetours.example');
    const assign = (fields: object) => client.put(`/chat/sessions/${id}/assignee`).send(fields);
    const support = await newTeam('Support', true);
    const { body } = await assign({ user_id: ada, team_id: support }).expect(200);
    expect(body).toMatchObject({
      assignee_id: ada,
      team: { id: support, name: 'Support', description: null },
    });
    expect((await assign({ team_id: null }).expect(200)).body).toMatchObject({ assignee_id: ada, team: null });
    expect(await typesOf(id)).toEqual(['human_agent_joined']);
    const sales = await newTeam('Sales', false);
    expect((await assign({ team_id: sales }).expect(409)).body).toMatchObject({
      message: 'The team does not receive sessions: is_support_enabled is false.',
    });
    const stranger = await member('stranger@elsewhere.example', await server.newOrg());
    for (const user_id of [stranger, UNKNOWN_ID, 'x']) {
      expect((await assign({ user_id }).expect(404)).body).toMatchObject({ message: 'User not found' });
    }
    expect((await assign({ team_id: UNKNOWN_ID }).expect(404)).body).toMatchObject({ message: 'Team not found' });
    await assign({}).expect(400);
    await assign({ team_id: support }).expect(200);
    await client.delete(`/teams/${support}`).expect(204);
    await server.database.pool.query('DELETE FROM members WHERE user_id = $1', [ada]);
    expect(await read(id)).toMatchObject({ assignee_id: null, team: null });
  });

  it('has each tag of the org once, and loses deleted tags', async () => {
    const id = await start();
    const path = (tag: string) => `/chat/sessions/${id}/tags/${encodeURIComponent(tag)}`;
    for (const tag_name of ['vip', '50% off', 'unused']) await client.put('/tags').send({ tag_name }).expect(200);
    expect((await client.put(path('vip')).expect(200)).body).toEqual(['vip']);
    expect((await client.put(path('50% off')).expect(200)).body).toEqual(['50% off', 'vip']);
    expect((await client.put(path('vip')).expect(200)).body).toEqual(['50% off', 'vip']);
    expect((await client.put(path('nope')).expect(404)).body).toMatchObject({ message: 'Tag not found' });
    await client.put(`/chat/sessions/${UNKNOWN_ID}/tags/vip`).expect(404);
    await client.delete(path('vip')).expect(204);
    for (const absent of ['vip', 'unused', 'nope']) await client.delete(path(absent)).expect(204);
    await client.delete(`/chat/sessions/${UNKNOWN_ID}/tags/vip`).expect(404);
    expect(await typesOf(id)).toEqual(['tag_removed_by_api', 'tag_added_by_api', 'tag_added_by_api']);
    await client.delete(`/tags/${encodeURIComponent('50% off')}`).expect(204);
    expect(await read(id)).toMatchObject({ tags: [] });
  });

  it('is handed off once by concurrent requests', async () => {
    const id = await start();
    const handoff = { reasons: ['prohibited_topic', 'insufficient_tools'], summary: 'Wants money back' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => client.post(`/chat/sessions/${id}/handoff`).send(handoff)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(7).fill(409)]);
    expect(answers.find(({ status }) => status === 409)!.body).toEqual({
      statusCode: 409,
      message: 'The session is already handed off.',
      code: 'already_handed_off',
    });
    expect(await read(id)).toMatchObject({
      handoff: {
        reasons: ['insufficient_tools', 'prohibited_topic'],
        summary: 'Wants money back',
        explanation: null,
        sentiment: null,
      },
    });
    expect(await typesOf(id)).toEqual(['handoff']);
    expect(toldOf(id)).toEqual(['conversation.started', 'conversation.handoff_to_human']);
    for (const reasons of [[], ['boredom'], ['prohibited_topic', 'prohibited_topic'], 'prohibited_topic']) {
      await client.post(`/chat/sessions/${id}/handoff`).send({ reasons }).expect(400);
    }
  });

  it('remains after its contact is deleted', async () => {
    const contact_id = await newContact('leaving@example.com');
    const id = await start({ contact_id });
    await send(id, 'contact').expect(200);
    await client.delete(`/contacts/${contact_id}`).expect(204);
    expect(await read(id)).toMatchObject({ contact: null });
    expect(await typesOf(id)).toEqual(['message']);
  });
});

describe('a message', () => {
  it('of an agent is stored with its author, and may take over the session from the AI', async () => {
    const id = await start();
    const agent = { id: 'a-7', name: 'Ada', avatar_url: 'https://example.com/ada.png' };
    const { body } = await send(id, 'agent', { agent }).expect(200);
    const [entry] = await history(id);
    expect(body).toEqual({ success: true, data: { message: { id: entry!.id } } });
    expect(entry!.event).toEqual({
      type: 'message',
      sender: { type: 'agent', ...agent },
      content: { type: 'text', text: 'Hello' },
    });
    await send(id, 'agent', { should_take_over_session_from_ai: true }).expect(200);
    await send(id, 'agent', { should_take_over_session_from_ai: true }).expect(200);
    expect(await typesOf(id)).toEqual(['message', 'message', 'human_agent_takeover', 'message']);
    expect((await send(id, 'contact').expect(200)).body).toEqual({
      success: true,
      data: { success: true, code: 'session_assigned_to_human_agent', session_is_handed_off: true },
    });
    expect(toldOf(id).filter((name) => name === 'conversation.replied')).toHaveLength(3);
  });

  it('of a contact gets no AI answer without a language model', async () => {
    const id = await start();
    expect(
      (await send(id, 'contact', { custom_data: { plan: 'pro', seats: 3, trial: false } }).expect(200)).body,
    ).toEqual({ success: true, data: { success: true, session_is_handed_off: false } });
    await send(id, 'contact', { custom_data: { seats: 4 } }).expect(200);
    expect(await typesOf(id)).toEqual(['message', 'message']);
    expect(await read(id)).toMatchObject({ custom_data: { plan: 'pro', seats: 4, trial: false }, contact: null });
  });

  it('with unverified contact data is linked to no existing contact', async () => {
    const victim = await newContact('victim@example.com');
    const id = await start();
    const contact = { name: 'Sam', email: 'Victim@example.com', phone_number: '+4930123456', custom_data: { a: '1' } };
    await send(id, 'contact', { contact }).expect(200);
    await send(id, 'contact', { contact: { custom_data: { b: '2' } } }).expect(200);
    const session = await read(id);
    expect(session.contact).toMatchObject({
      email: null,
      phone_number: null,
      name: null,
      custom_data: {},
      non_verified_name: 'Sam',
      non_verified_email: 'victim@example.com',
      non_verified_custom_data: { a: '1', b: '2', phone_number: '+4930123456' },
    });
    expect(session.contact!['id']).not.toBe(victim);
    expect(JSON.stringify((await client.get(`/contacts/${session.contact!['id']}`).expect(200)).body)).not.toContain(
      'Sam',
    );
    expect(told.filter((event) => event.name === 'contact.created')).toContainEqual(
      expect.objectContaining({ contactId: session.contact!['id'] }),
    );
  });

  it('in a verified session finds or creates the contact', async () => {
    const known = await newContact('known@example.com');
    const id = await start({ verified: true });
    await send(id, 'contact', { contact: { email: 'KNOWN@example.com', name: 'Kim', custom_data: { a: '1' } } }).expect(
      200,
    );
    expect((await read(id)).contact).toMatchObject({ id: known, name: 'Kim', custom_data: { a: '1' } });
    const other = await start({ verified: true });
    await send(other, 'contact', { contact: { phone_number: '+4930999' } }).expect(200);
    const again = await start({ verified: true });
    await send(again, 'contact', { contact: { phone_number: '+4930999' } }).expect(200);
    expect((await read(again)).contact!['id']).toBe((await read(other)).contact!['id']);
  });

  it('in a verified session gives the contact the addresses that it lacks, and keeps others as claims', async () => {
    const known = await newContact('phoneless@example.com');
    const id = await start({ verified: true, contact_id: known });
    await send(id, 'contact', { contact: { phone_number: '+4930888001' } }).expect(200);
    const contact = { id: known, email: 'phoneless@example.com', phone_number: '+4930888001' };
    expect((await read(id)).contact).toMatchObject({ ...contact, non_verified_custom_data: {} });
    await send(id, 'contact', { contact: { phone_number: '+4930888002', email: 'other@example.com' } }).expect(200);
    const claims = {
      non_verified_email: 'other@example.com',
      non_verified_custom_data: { phone_number: '+4930888002' },
    };
    expect((await read(id)).contact).toMatchObject({ ...contact, ...claims });
    const taken = await start({ verified: true });
    await send(taken, 'contact', { contact: { email: 'new@example.com', phone_number: '+4930888001' } }).expect(200);
    expect((await read(taken)).contact).toMatchObject({
      email: 'new@example.com',
      phone_number: null,
      non_verified_custom_data: { phone_number: '+4930888001' },
    });
    const found = await start({ verified: true });
    await send(found, 'contact', { contact: { phone_number: '+4930888003' } }).expect(200);
    await send(found, 'contact', { contact: { email: 'found@example.com' } }).expect(200);
    expect((await read(found)).contact).toMatchObject({ email: 'found@example.com', phone_number: '+4930888003' });
  });

  it.each([
    [
      'a blocked contact',
      'blocked@example.com',
      { path: '/blocklist/contacts', body: { email: 'blocked@example.com' } },
    ],
    ['a blocked domain', 'someone@bad.example', { path: '/blocklist/domains', body: { domains: 'bad.example' } }],
    [
      'a blocked domain in another spelling',
      'a@böse.example.',
      { path: '/blocklist/domains', body: { domains: 'XN--BSE-SNA.example' } },
    ],
    [
      'a subdomain of a blocked domain',
      'a@x.mail.worse.example',
      { path: '/blocklist/domains', body: { domains: 'worse.example' } },
    ],
  ])('of %s is stored and never answered', async (_, email, { path, body }) => {
    const verified = await start({ verified: true });
    await send(verified, 'contact', { contact: { email } }).expect(200);
    await client.post(path).send(body).expect(200);
    const unverified = await start();
    for (const id of [verified, unverified]) {
      expect((await send(id, 'contact', { contact: { email } }).expect(200)).body).toMatchObject({
        data: { code: 'response_cancelled', session_is_handed_off: false },
      });
      expect((await typesOf(id))[0]).toBe('message');
    }
  });

  it('of a domain that only ends like a blocked domain is answered', async () => {
    await client.post('/blocklist/domains').send({ domains: 'worst.example,x.near.example' }).expect(200);
    for (const email of ['a@notworst.example', 'a@near.example', 'a@worst.example.org']) {
      const { body } = await send(await start(), 'contact', { contact: { email } }).expect(200);
      expect(body).not.toMatchObject({ data: { code: 'response_cancelled' } });
    }
  });

  it('has attachments by URL, or by content that a signed link serves without a key', async () => {
    const id = await start();
    const attachments = [
      { name: 'photo', url: 'https://example.com/photo.png', mime_type: 'image/png' },
      // With line breaks, as in MIME.
      { name: 'Grüße "1".png', base64: PNG.toString('base64').replace(/.{20}/g, '$&\r\n'), mime_type: 'image/png' },
    ];
    await send(id, 'contact', { message: { type: 'text', attachments } }).expect(200);
    const shown = (await history(id))[0]!.event.attachments!;
    expect(shown).toEqual([
      { id: expect.any(String), name: 'photo', mime_type: 'image/png', url: 'https://example.com/photo.png' },
      { id: expect.any(String), name: 'Grüße "1".png', mime_type: 'image/png', url: expect.any(String) },
    ]);
    const link = new URL(shown[1]!.url);
    expect(link.href).toMatch(new RegExp(`^${PUBLIC_URL}/media/[0-9a-f]{32}\\?expires=\\d+&signature=[\\w-]{43}$`));
    const { body, headers } = await server.http.get(link.pathname + link.search).expect(200);
    expect(body).toEqual(PNG);
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="Gr??e \\"1\\".png"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%221%22.png`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
    const later = link.search.replace(/\d+/, (expires) => String(Number(expires) + 1));
    const refused = [
      link.pathname,
      link.pathname + link.search.replace(/signature=.*/, `signature=${'A'.repeat(43)}`),
      `${link.pathname}${link.search}&signature=x`,
      link.pathname + later,
      `/media/${shown[0]!.id.replaceAll('-', '')}${link.search}`,
      `/media/${'0'.repeat(32)}${link.search}`,
    ];
    for (const path of refused) {
      expect((await client.get(path).expect(404)).body).toMatchObject({ message: 'Media not found' });
    }
  });

  it('has attachment links that work for 15 minutes after the history was read', async () => {
    const id = await start();
    const attachments = [{ name: 'x.png', base64: PNG.toString('base64'), mime_type: 'image/png' }];
    await send(id, 'contact', { message: { type: 'text', attachments } }).expect(200);
    const before = Date.now();
    const { pathname, searchParams } = new URL((await history(id))[0]!.event.attachments![0]!.url);
    const seconds = Number(searchParams.get('expires')) - before / 1000;
    expect([seconds > 15 * 60 - 1, seconds < 15 * 60 + (Date.now() - before) / 1000]).toEqual([true, true]);
    const links = server.app.get(LinkSigner);
    await server.http.get(links.sign(pathname, 60)).expect(200);
    await server.http.get(links.sign(pathname, -1)).expect(404);
  });

  it.each([
    [{ message: { type: 'text' } }, 'message.text or message.attachments is required'],
    [{ message: { type: 'text', text: 'x'.repeat(10_001) } }, /shorter than or equal to 10000/],
    [{ message: { type: 'html', text: 'x' } }, /message.type/],
    [{ sender: 'ai' }, /sender must be one of/],
    [{ agent: { name: 'Ada' } }, 'agent is only for a message of an agent'],
    [{ sender: 'agent', contact: { name: 'Sam' } }, 'contact is only for a message of a contact'],
    [{ should_take_over_session_from_ai: true }, /only for a message of an agent/],
    [{ custom_data: { a: null } }, /custom_data must be an object/],
    [
      { message: { type: 'text', text: 'x', attachments: [{ name: 'a', mime_type: 'image/png' }] } },
      'message.attachments.0 must have exactly one of url and base64',
    ],
    [
      {
        message: {
          type: 'text',
          text: 'x',
          attachments: [{ name: 'a', mime_type: 'image/png', url: 'file:///etc/passwd' }],
        },
      },
      /url must be a URL address/,
    ],
    [
      { message: { type: 'text', text: 'x', attachments: [{ name: 'a', mime_type: 'image/png', base64: '%%%' }] } },
      /base64/,
    ],
  ])('with %j is refused, and nothing is stored', async (fields, message) => {
    const id = await start();
    const { body } = await send(id, 'contact', fields).expect(400);
    expect((body as { message: string }).message).toMatch(message);
    expect(await history(id)).toEqual([]);
  });

  it('can be sent only to sessions of the org', async () => {
    const id = await start();
    await neighbour
      .post(`/chat/sessions/${id}/send`)
      .send({ sender: 'contact', message: { type: 'text', text: 'x' } })
      .expect(404);
    for (const unknown of [UNKNOWN_ID, 'x']) {
      await send(unknown, 'contact').expect(404);
      await client.get(`/chat/sessions/${unknown}/history`).expect(404);
    }
    await neighbour.get(`/chat/sessions/${id}/history`).expect(404);
  });

  it('is sent once per Idempotency-Key', async () => {
    const id = await start();
    const once = () => send(id, 'agent').set('Idempotency-Key', 'message-1').expect(200);
    expect((await once()).body).toEqual((await once()).body);
    expect(await history(id)).toHaveLength(1);
  });
});

it('a change that a listener of its event refuses is rolled back', async () => {
  const id = await start();
  const bus = server.app.get(DomainEventBus);
  let isRefusing = true;
  bus.listen('conversation.closed', async () => {
    if (isRefusing) throw new Error('refused by a listener');
  });
  await client.patch(`/chat/sessions/${id}`).send({ status: 'closed_resolved' }).expect(500);
  expect(await read(id)).toMatchObject({ status: 'open' });
  expect(await history(id)).toEqual([]);
  isRefusing = false;
});
