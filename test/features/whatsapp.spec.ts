import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { TemplateStatuses } from '../../src/resources/conversations/whatsapp/template-statuses.service.js';
import { NumberAssignments } from '../../src/tenancy/whatsapp-numbers/number-assignments.service.js';
import { Conversations } from '../support/conversations.js';
import { TestServer } from '../support/start-app.js';
import { StubServer } from '../support/stub-server.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';

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
  answerSends(200, { messages: [{ id: 'wamid.1' }] });
  reviewed = new Map();
});

/** The review status of templates at WhatsApp, by `name language`. */
let reviewed: Map<string, string>;
/** The WhatsApp Business account of all numbers. */
const ACCOUNT = '7000';
const sends = () => cloud.seen.filter(({ method }) => method === 'POST');
const lookUps = () => cloud.seen.filter(({ method }) => method === 'GET');

/** Answers look-ups from `reviewed`, and sends with the given status and body. */
function answerSends(status: number, body: object): void {
  cloud.answer = (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, cloud.url);
    const isLookUp = pathname === `/v23.0/${ACCOUNT}/message_templates`;
    const data = [...reviewed].map(([key, decided]) => {
      const [name, language] = key.split(' ');
      return { name, language, status: decided, id: '1' };
    });
    // WhatsApp filters by substring, so it may return other templates too.
    const found = data.filter(({ name }) => name!.includes(searchParams.get('name')!));
    response
      .writeHead(isLookUp ? 200 : status, { 'content-type': 'application/json' })
      .end(JSON.stringify(isLookUp ? { data: found } : body));
  };
}

const TEMPLATE = {
  name: 'order_sent',
  language: 'en_US',
  category: 'UTILITY',
  components: [
    { type: 'BODY', text: 'Hello {{1}}, order {{2}} is on its way.' },
    { type: 'FOOTER', text: 'Acme' },
  ],
};
interface ShownTemplate {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly status: string;
}
const SHOWN = { display_phone_number: '+49 30 1', verified_name: 'Acme' };
const templates = (query = '') => here.items<ShownTemplate>(`/whatsapp/templates${query}`);
const statusOf = async (id: string) => (await templates()).find((template) => template.id === id)!.status;
/** Saves a template, and waits until a look-up has found the status. Needs an assigned number. */
const putTemplate = async (fields: Partial<ShownTemplate> = {}, decided = 'APPROVED', status = 'approved') => {
  const template = { ...TEMPLATE, ...fields };
  reviewed.set(`${template.name} ${template.language}`, decided);
  const savedAt = new Date();
  const { body } = await here.client.put('/whatsapp/templates').send(template).expect(200);
  const { id } = body as ShownTemplate;
  const isLookedUp = async () => Number(await checkedAt(id)) >= savedAt.getTime();
  await until(`it is ${status}`, async () => (await isLookedUp()) && (await statusOf(id)) === status);
  return body as ShownTemplate;
};
/** When its status was last looked up. */
const checkedAt = async (id: string) => {
  const sql = 'SELECT status_checked_at AS at FROM whatsapp_templates WHERE id = $1';
  return ((await server.database.pool.query(sql, [id])).rows[0] as { at: Date | null }).at;
};
const newNumber = () => `1000${++numbers}`;
/** A number that the operator has assigned to the org. */
const assignNumber = async (of = here, id = newNumber()) => {
  await assignments().assignAny(OPERATOR, of.org.id, { id, ...SHOWN }, ACCOUNT);
  return id;
};
const assignments = () => server.app.get(NumberAssignments);
interface Sent {
  readonly whatsapp_message_id: string;
  readonly message_id: string;
  readonly session_id: string;
}
const ready = async () => {
  const phone_number_id = await assignNumber();
  const body = { template_id: (await putTemplate()).id, phone_number_id };
  return { ...body, variables: ['Ann', '7'], contact: { phone_number: PHONE } };
};
const post = (body: object) => here.client.post('/whatsapp/send-template').send(body);
const send = async (body: object) => (await post(body).expect(200)).body as Sent;
const stored = async (id: string) => {
  const sql = 'SELECT status, sent_as, reason, message FROM whatsapp_messages WHERE id = $1';
  return (await server.database.pool.query(sql, [id])).rows[0] as Record<string, unknown>;
};
const ended = (id: string) => until('it is ended', async () => (await stored(id))['status'] !== 'queued');

it('templates are registered and updated by name and language, and can be filtered by status and number', async () => {
  const shown = { id: expect.any(String), name: 'order_sent', language: 'en_US', category: 'UTILITY' };
  const { body } = await here.client.put('/whatsapp/templates').send(TEMPLATE).expect(200);
  expect(body).toEqual({ ...shown, status: 'pending', variables_count: 2 });
  const changed = { ...TEMPLATE, components: [{ type: 'BODY', text: 'Hello' }] };
  const replaced = await here.client.put('/whatsapp/templates').send(changed).expect(200);
  expect(replaced.body).toEqual({ ...(body as object), variables_count: 0 });
  const phone_number_id = await assignNumber();
  await putTemplate();
  expect((await here.client.put('/whatsapp/templates').send(TEMPLATE).expect(200)).body).toMatchObject({
    status: 'approved',
    variables_count: 2,
  });
  await putTemplate({ language: 'de' }, 'REJECTED', 'rejected');
  const languages = async (query: string) => (await templates(query)).map(({ language }) => language);
  expect(await languages('')).toEqual(['de', 'en_US']);
  expect(await languages('?status=approved')).toEqual(['en_US']);
  expect(await languages('?phone_number_id=1')).toEqual([]);
  expect(await languages(`?phone_number_id=${phone_number_id}`)).toEqual(['de', 'en_US']);
  await here.client
    .put('/whatsapp/templates')
    .send({ ...TEMPLATE, status: 'approved' })
    .expect(400);
  await here.client
    .put('/whatsapp/templates')
    .send({ ...TEMPLATE, components: [{ type: 'FOOTER', text: 'x' }] })
    .expect(400);
});

it('a template has the status from WhatsApp of its exact name and language', async () => {
  await assignNumber();
  reviewed.set('order_sent_late en_US', 'APPROVED');
  reviewed.set('order_sent de', 'APPROVED');
  const { id } = await putTemplate({}, 'PENDING', 'pending');
  const [asked] = lookUps();
  const { pathname, searchParams } = new URL(asked!.path, cloud.url);
  expect(pathname).toBe(`/v23.0/${ACCOUNT}/message_templates`);
  expect(Object.fromEntries(searchParams)).toEqual({
    name: 'order_sent',
    language: 'en_US',
    fields: 'name,language,status',
    limit: '100',
  });
  expect(asked!.headers).toMatchObject({ authorization: 'Bearer secret-token' });
  const becomes = (status: string) => until(status, async () => (await statusOf(id)) === status);
  const makeOld = () => server.database.pool.query('UPDATE whatsapp_templates SET status_checked_at = NULL');
  for (const [decided, status] of [
    ['APPROVED', 'approved'],
    ['PAUSED', 'pending'],
    ['DISABLED', 'rejected'],
    ['constructor', 'pending'],
  ] as const) {
    reviewed.set('order_sent en_US', decided);
    await makeOld();
    await server.app.get(TemplateStatuses).lookUpDue();
    await becomes(status);
  }
});

it('templates with a recent status are not looked up again', async () => {
  await assignNumber();
  await putTemplate();
  await putTemplate({ language: 'de' }, 'PENDING', 'pending');
  await server.database.pool.query('UPDATE whatsapp_templates SET status_checked_at = now()');
  const before = lookUps().length;
  await server.app.get(TemplateStatuses).lookUpDue();
  const sql = `UPDATE whatsapp_templates SET status_checked_at = now() - interval '16 minutes' WHERE org_id = $1`;
  await server.database.pool.query(sql, [here.org.id]);
  await server.app.get(TemplateStatuses).lookUpDue();
  await until('the status of the pending one is requested', () => lookUps().length > before);
  const languages = lookUps()
    .slice(before)
    .map(({ path }) => new URL(path, cloud.url).searchParams.get('language'));
  expect(languages).toEqual(['de']);
});

it('an org can update its assigned number, and claim no other', async () => {
  const id = await assignNumber();
  const number = { id, display_phone_number: '+49 30 2', verified_name: 'Acme Tours' };
  const put = (of: Conversations, sent: object) => of.client.put('/whatsapp/phone-numbers').send(sent);
  expect((await put(here, number).expect(200)).body).toEqual({ ...number, status: 'registered' });
  expect(await here.items('/whatsapp/phone-numbers')).toEqual([{ ...number, status: 'registered' }]);
  const neighbour = await Conversations.of(server);
  const unknown = newNumber();
  for (const theirs of [id, unknown]) {
    expect((await put(neighbour, { ...number, id: theirs }).expect(403)).body).toEqual({
      statusCode: 403,
      message: `WhatsApp number ${theirs} is not assigned to this organization. Ask the partner or the operator to assign it.`,
      code: 'whatsapp_number_not_assigned',
    });
  }
  expect(await neighbour.items('/whatsapp/phone-numbers')).toEqual([]);
  expect((await assignments().places()).filter((place) => place.id === unknown)).toEqual([]);
});

it('queued messages from a released number are not sent', async () => {
  const body = await ready();
  let isHeard = false;
  cloud.answer = (_request, response) => {
    isHeard = true;
    response.writeHead(503).end();
  };
  const { whatsapp_message_id: id } = await send(body);
  await until('it was tried', () => isHeard);
  await assignments().release(OPERATOR, body.phone_number_id);
  const { id: neighbour } = await server.newOrg(here.org.partner);
  await assignments().assignAny(OPERATOR, neighbour, { id: body.phone_number_id, ...SHOWN });
  answerSends(200, { messages: [{ id: 'wamid.3' }] });
  await ended(id);
  expect(await stored(id)).toMatchObject({
    status: 'failed',
    reason: 'The number is no longer assigned to the org.',
  });
  await post(body).expect(404);
});

it('a message is in the history at once and sent with its key, and creates the contact', async () => {
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
  expect(sends()).toHaveLength(1);
  expect(sends()[0]).toMatchObject({
    method: 'POST',
    path: `/v23.0/${body.phone_number_id}/messages`,
    headers: { authorization: 'Bearer secret-token', 'idempotency-key': id },
  });
  expect(JSON.parse(sends()[0]!.body)).toEqual({
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

it('a message continues the session of the same number, channel and contact, or starts one', async () => {
  const body = await ready();
  const { session_id } = await send(body);
  await here.setStatus(session_id, 'closed_resolved');
  expect((await send({ ...body, session_id })).session_id).toBe(session_id);
  expect((await here.read(session_id)).status).toBe('open');
  const another = await send({ ...body, session_id, phone_number_id: await assignNumber() });
  expect(another.session_id).not.toBe(session_id);
  const toAnother = await send({ ...body, session_id, contact: { phone_number: '+4930999' } });
  expect(toAnother.session_id).not.toBe(session_id);
  const onWeb = await here.start({ channel: { type: 'web' } });
  expect((await send({ ...body, session_id: onWeb })).session_id).not.toBe(onWeb);
  await post({ ...body, session_id: UNKNOWN_ID }).expect(404);
  await post({ ...body, session_id: await (await Conversations.of(server)).start() }).expect(404);
});

it('variables merge the data of the contact', async () => {
  const body = await ready();
  const contact = { phone: PHONE, name: 'Ann', custom_data: { order: '7' } };
  await here.client.post('/contacts').send({ contact }).expect(201);
  const variables = ['{{contact.name | default: "you"}}', 'No. {{contact.custom_data.order}}'];
  const sent = await send({ ...body, variables });
  const [entry] = await here.history(sent.session_id);
  expect(entry).toMatchObject({ event: { content: { text: 'Hello Ann, order No. 7 is on its way.\nAcme' } } });
  await ended(sent.whatsapp_message_id);
  expect(JSON.stringify(sends()[0]!.body)).toContain('No. 7');
  for (const [variable, problem] of [
    ['{{contact.email}}', 'is empty for this contact'],
    ['{{contact.nmae}}', 'at index 1 has an unknown merge field'],
  ]) {
    const refused = await post({ ...body, variables: ['Ann', variable] }).expect(400);
    expect(refused.body).toMatchObject({ message: expect.stringContaining(problem!) });
  }
});

it('a template with a placeholder that WhatsApp does not know is refused', async () => {
  for (const text of ['Hello {{contact.name}}', 'Hello {{1', 'Hello {{}}']) {
    const components = [{ type: 'BODY', text }];
    const { body } = await here.client
      .put('/whatsapp/templates')
      .send({ ...TEMPLATE, components })
      .expect(400);
    expect(body).toMatchObject({
      errors: [{ field: 'components', message: expect.stringContaining('{{first_name}}') }],
    });
  }
});

it('an invalid message is refused, and nothing is stored', async () => {
  const body = await ready();
  const { body: contact } = await here.client.post('/contacts').send({ contact: { email: 'a@example.com' } });
  const { id: pending } = await putTemplate({ name: 'new_one' }, 'PENDING', 'pending');
  const strangers = await Conversations.of(server);
  const refusals: [object, number][] = [
    [{ ...body, template_id: UNKNOWN_ID }, 404],
    [{ ...body, template_id: 'x' }, 404],
    [{ ...body, phone_number_id: '1' }, 404],
    [{ ...body, phone_number_id: await assignNumber(strangers) }, 404],
    [{ ...body, contact: { id: UNKNOWN_ID } }, 404],
    [{ ...body, contact: { email: 'unknown@example.com' } }, 404],
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

it('a temporary WhatsApp failure is retried with the same key, and a refusal is not', async () => {
  const body = await ready();
  let answers = 0;
  cloud.answer = (_request, response) => {
    response.writeHead(++answers === 1 ? 503 : 200).end('{"messages":[{"id":"wamid.2"}]}');
  };
  const { whatsapp_message_id: id } = await send(body);
  await ended(id);
  expect(await stored(id)).toMatchObject({ status: 'sent', sent_as: 'wamid.2' });
  expect(sends().map(({ headers }) => headers['idempotency-key'])).toEqual([id, id]);
  answerSends(400, { error: { message: 'Template was paused' } });
  const { whatsapp_message_id: refused } = await send(body);
  await ended(refused);
  expect(await stored(refused)).toMatchObject({
    status: 'rejected',
    reason: 'WhatsApp answered 400: Template was paused',
  });
  const listed = await here.items<{ id: string }>('/whatsapp/messages?status=rejected');
  const { contact_id, session_id } = (await here.client.get(`/whatsapp/messages/${listed[0]!.id}`).expect(200))
    .body as {
    contact_id: string;
    session_id: string;
  };
  expect(await here.items(`/whatsapp/messages?contact_id=${contact_id}&status=rejected`)).toEqual(listed);
  expect(await here.read(session_id)).toMatchObject({ channel: { type: 'whatsapp' } });
});

it('one Idempotency-Key sends one message', async () => {
  const body = await ready();
  const twice = () => post(body).set('Idempotency-Key', 'one').expect(200);
  expect((await twice()).body).toEqual((await twice()).body);
  expect(await here.items('/chat/sessions')).toHaveLength(1);
});
