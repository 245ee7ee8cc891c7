import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Conversations } from '../support/conversations.js';
import { TestServer } from '../support/start-app.js';
import { StubServer } from '../support/stub-server.js';
import { until } from '../support/until.js';

const NOBODY = '01a20285-5a2d-72ba-967c-eee2f183c525';
const PHONE = '+4930123456';

let server: TestServer;
let cloud: StubServer;
let here: Conversations;
let numbers = 0;
beforeAll(async () => {
  cloud = await StubServer.start();
  server = await TestServer.start({ WHATSAPP_BASE_URL: `${cloud.url}/v23.0`, WHATSAPP_TOKEN: 'secret-token' });
});
afterAll(() => Promise.all([server.close(), cloud.close()]));
beforeEach(async () => {
  here = await Conversations.of(server);
  cloud.seen.length = 0;
  cloud.answers(200, { messages: [{ id: 'wamid.1' }] });
});

const TEMPLATE = {
  name: 'order_sent',
  language: 'en_US',
  category: 'UTILITY',
  components: [
    { type: 'BODY', text: 'Hello {{1}}, order {{2}} is on its way.' },
    { type: 'FOOTER', text: 'Acme' },
  ],
};
const putTemplate = async (fields: object = {}) => {
  const template = { ...TEMPLATE, status: 'approved', ...fields };
  return (await here.client.put('/whatsapp/templates').send(template).expect(200)).body as { id: string };
};
const putNumber = async (id = `1000${++numbers}`, of = here) => {
  const number = { id, display_phone_number: '+49 30 1', verified_name: 'Acme' };
  await of.client.put('/whatsapp/phone-numbers').send(number).expect(200);
  return id;
};
interface Sent {
  readonly whatsapp_message_id: string;
  readonly message_id: string;
  readonly session_id: string;
}
const ready = async () => {
  const body = { template_id: (await putTemplate()).id, phone_number_id: await putNumber() };
  return { ...body, variables: ['Ann', '7'], contact: { phone_number: PHONE } };
};
const post = (body: object) => here.client.post('/whatsapp/send-template').send(body);
const send = async (body: object) => (await post(body).expect(200)).body as Sent;
const stored = async (id: string) => {
  const sql = 'SELECT status, sent_as, reason, message FROM whatsapp_messages WHERE id = $1';
  return (await server.database.pool.query(sql, [id])).rows[0] as Record<string, unknown>;
};
const ended = (id: string) =>
  until('it is ended', async () => (await stored(id))['status'] !== 'queued', { withinMs: 25_000, everyMs: 50 });

it('templates are registered and updated by name and language, and listed by status and number', async () => {
  const shown = { id: expect.any(String), name: 'order_sent', language: 'en_US', category: 'UTILITY' };
  const { body } = await here.client.put('/whatsapp/templates').send(TEMPLATE).expect(200);
  expect(body).toEqual({ ...shown, status: 'pending', variables_count: 2 });
  const approved = await putTemplate({ components: [{ type: 'BODY', text: 'Hello' }] });
  expect(approved).toEqual({ ...(body as object), status: 'approved', variables_count: 0 });
  expect((await here.client.put('/whatsapp/templates').send(TEMPLATE).expect(200)).body).toMatchObject({
    status: 'approved',
    variables_count: 2,
  });
  await putTemplate({ language: 'de', status: 'rejected' });
  const languages = async (query: string) =>
    (await here.items(`/whatsapp/templates${query}`)).map(({ language }) => language);
  expect(await languages('')).toEqual(['de', 'en_US']);
  expect(await languages('?status=approved')).toEqual(['en_US']);
  expect(await languages('?phone_number_id=1')).toEqual([]);
  expect(await languages(`?phone_number_id=${await putNumber()}`)).toEqual(['de', 'en_US']);
  await here.client
    .put('/whatsapp/templates')
    .send({ ...TEMPLATE, components: [{ type: 'FOOTER', text: 'x' }] })
    .expect(400);
});

it('a number belongs to one org', async () => {
  const id = await putNumber();
  const number = { id, display_phone_number: '+49 30 2', verified_name: 'Acme Tours' };
  expect((await here.client.put('/whatsapp/phone-numbers').send(number).expect(200)).body).toEqual({
    ...number,
    status: 'registered',
  });
  expect(await here.items('/whatsapp/phone-numbers')).toEqual([{ ...number, status: 'registered' }]);
  const neighbour = await Conversations.of(server);
  await neighbour.client.put('/whatsapp/phone-numbers').send(number).expect(409);
  expect(await neighbour.items('/whatsapp/phone-numbers')).toEqual([]);
});

it('a message is in the history at once, and sent with its key; the contact is made', async () => {
  const body = await ready();
  const { whatsapp_message_id: id, message_id, session_id } = await send(body);
  const [entry] = await here.history(session_id);
  expect(entry).toMatchObject({
    id: message_id,
    event: {
      type: 'message',
      sender: { type: 'agent' },
      content: { text: 'Hello Ann, order 7 is on its way.\nAcme' },
      context: { whatsapp_template: 'order_sent', whatsapp_message_id: id },
    },
  });
  expect(await here.read(session_id)).toMatchObject({
    channel: { type: 'whatsapp' },
    contact: { phone_number: PHONE },
  });
  await ended(id);
  expect(await stored(id)).toEqual({ status: 'sent', sent_as: 'wamid.1', reason: null, message: null });
  expect(cloud.seen).toHaveLength(1);
  expect(cloud.seen[0]).toMatchObject({
    method: 'POST',
    path: `/v23.0/${body.phone_number_id}/messages`,
    headers: { authorization: 'Bearer secret-token', 'idempotency-key': id },
  });
  expect(JSON.parse(cloud.seen[0]!.body)).toEqual({
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: '4930123456',
    type: 'template',
    template: {
      name: 'order_sent',
      language: { code: 'en_US' },
      components: [
        {
          type: 'body',
          parameters: [
            { type: 'text', text: 'Ann' },
            { type: 'text', text: '7' },
          ],
        },
      ],
    },
  });
});

it('a session goes on when it is of the same number, channel and contact; else a new one starts', async () => {
  const body = await ready();
  const { session_id } = await send(body);
  await here.setStatus(session_id, 'closed_resolved');
  expect((await send({ ...body, session_id })).session_id).toBe(session_id);
  expect((await here.read(session_id)).status).toBe('open');
  const another = await send({ ...body, session_id, phone_number_id: await putNumber() });
  expect(another.session_id).not.toBe(session_id);
  const somebody = await send({ ...body, session_id, contact: { phone_number: '+4930999' } });
  expect(somebody.session_id).not.toBe(session_id);
  const onWeb = await here.start({ channel: { type: 'web' } });
  expect((await send({ ...body, session_id: onWeb })).session_id).not.toBe(onWeb);
  await post({ ...body, session_id: NOBODY }).expect(404);
  await post({ ...body, session_id: await (await Conversations.of(server)).start() }).expect(404);
});

it('is refused, and nothing of it stays', async () => {
  const body = await ready();
  const { body: contact } = await here.client.post('/contacts').send({ contact: { email: 'a@example.com' } });
  const { id: pending } = await putTemplate({ name: 'new_one', status: 'pending' });
  const strangers = await Conversations.of(server);
  const refusals: [object, number][] = [
    [{ ...body, template_id: NOBODY }, 404],
    [{ ...body, template_id: 'x' }, 404],
    [{ ...body, phone_number_id: '1' }, 404],
    [{ ...body, phone_number_id: await putNumber(undefined, strangers) }, 404],
    [{ ...body, contact: { id: NOBODY } }, 404],
    [{ ...body, contact: { email: 'nobody@example.com' } }, 404],
    [{ ...body, contact: { id: (contact as { id: string }).id } }, 400],
    [{ ...body, contact: {} }, 400],
    [{ ...body, contact: { email: 'a@example.com', phone_number: PHONE } }, 400],
    [{ ...body, variables: ['Ann'] }, 400],
    [{ ...body, variables: ['Ann', 7] }, 400],
    [{ ...body, template_id: pending }, 409],
  ];
  const answers = [];
  for (const [sent] of refusals) answers.push((await post(sent)).status);
  expect(answers).toEqual(refusals.map(([, status]) => status));
  expect(await here.items('/chat/sessions')).toEqual([]);
});

it('what WhatsApp cannot take now is tried again with the same key, and what it refuses is not', async () => {
  const body = await ready();
  let answers = 0;
  cloud.answer = (_request, response) => {
    response.writeHead(++answers === 1 ? 503 : 200).end('{"messages":[{"id":"wamid.2"}]}');
  };
  const { whatsapp_message_id: id } = await send(body);
  await ended(id);
  expect(await stored(id)).toMatchObject({ status: 'sent', sent_as: 'wamid.2' });
  expect(cloud.seen.map(({ headers }) => headers['idempotency-key'])).toEqual([id, id]);
  cloud.answers(400, { error: { message: 'Template was paused' } });
  const { whatsapp_message_id: refused } = await send(body);
  await ended(refused);
  expect(await stored(refused)).toMatchObject({
    status: 'failed',
    reason: 'WhatsApp answered 400: Template was paused',
  });
});

it('one Idempotency-Key is one message', async () => {
  const body = await ready();
  const twice = () => post(body).set('Idempotency-Key', 'one').expect(200);
  expect((await twice()).body).toEqual((await twice()).body);
  expect(await here.items('/chat/sessions')).toHaveLength(1);
});
