import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { NumberAssignments } from '../../src/tenancy/whatsapp-numbers/number-assignments.service.js';
import { Conversations } from '../support/conversations.js';
import { DnsServer } from '../support/dns-server.js';
import { MailServer } from '../support/mail-server.js';
import { ModelStub } from '../support/model-stub.js';
import { ownDomain } from '../support/sender-domains.js';
import { PUBLIC_URL, TestServer } from '../support/start-app.js';
import { StubServer } from '../support/stub-server.js';
import { until } from '../support/until.js';

const PHONE = '+4930123456';

let server: TestServer;
let mails: MailServer;
let dns: DnsServer;
let cloud: StubServer;
let model: ModelStub;
let here: Conversations;
let orgs = 0;
beforeAll(async () => {
  mails = await MailServer.start();
  dns = await DnsServer.start();
  cloud = await StubServer.start();
  model = await ModelStub.start();
  server = await TestServer.start({
    SMTP_URL: mails.url,
    DNS_SERVERS: dns.address,
    WHATSAPP_BASE_URL: cloud.url,
    WHATSAPP_TOKEN: 'secret-token',
    LLM_BASE_URL: model.url,
    LLM_MODEL: 'test',
  });
});
afterAll(async () => {
  await server.close();
  await Promise.all([mails.stop(), dns.stop(), cloud.close(), model.stop()]);
});
beforeEach(async () => {
  here = await Conversations.of(server);
  mails.received.length = 0;
  cloud.seen.length = 0;
  cloud.answer = (_, response) => response.writeHead(200).end(JSON.stringify({ messages: [{ id: 'wamid.1' }] }));
  model.answers = [{ topic: null, answer: 'Up to 23 kg.' }];
});

const newDomain = async () => {
  const name = `acme${++orgs}.example`;
  await ownDomain(here.client, dns, name);
  return name;
};
const newNumber = async () => {
  const id = `500${++orgs}`;
  const shown = { display_phone_number: '+49 30 1', verified_name: 'Acme' };
  await server.app.get(NumberAssignments).assignAny(OPERATOR, here.org.id, { id, ...shown });
  return id;
};
const newContact = async (fields: object) =>
  ((await here.client.post('/contacts').send({ contact: fields }).expect(201)).body as { id: string }).id;
const delivery = async (id: string) =>
  ((await here.history(id))[0]!.event as { delivery?: { status: string; reason?: string } }).delivery;
const delivered = (id: string) => until('the message has ended', async () => (await delivery(id))?.status !== 'queued');

it('replies of agents and of the AI in an e-mail session are mailed to the contact', async () => {
  const domain = await newDomain();
  const contact_id = await newContact({ email: 'zoe@guests.example' });
  const channel = { type: 'email', address: `help@${domain}`, subject: 'Lost suitcase' };
  const id = await here.start({ contact_id, channel });
  expect(await here.read(id)).toMatchObject({ channel });
  const attachments = [{ name: 'form.txt', base64: Buffer.from('A form').toString('base64'), mime_type: 'text/plain' }];
  const message = { type: 'text', text: 'Please fill in <the form>.\nThank you', attachments };
  await here.send(id, 'agent', { message, agent: { name: 'Ada' } });
  await delivered(id);
  expect(await delivery(id)).toEqual({ status: 'sent' });
  const [mail] = mails.received;
  expect(mail).toMatchObject({ from: `help@${domain}`, to: 'zoe@guests.example' });
  expect(mail!.headers).toMatchObject({ from: `Ada <help@${domain}>`, subject: 'Re: Lost suitcase' });
  expect(mail!.raw).toContain('Please fill in <the form>.');
  expect(mail!.raw.replaceAll('=\r\n', '')).toContain(`${PUBLIC_URL}/media/`);

  await here.client
    .post(`/chat/sessions/${id}/send`)
    .field({ sender: 'agent', message: '{"type":"text","text":"The tag"}' })
    .attach('file', Buffer.from('A tag'), 'tag.txt')
    .expect(200);
  await delivered(id);
  const link = new URL((await here.history(id))[0]!.event.attachments![0]!.url);
  expect(mails.received[1]!.raw.replaceAll('=\r\n', '')).toContain(PUBLIC_URL + link.pathname);

  await here.client.patch('/autopilot/channels/email').send({ enabled: true }).expect(200);
  await here.send(id, 'contact', { message: { type: 'text', text: 'How heavy may it be?' } });
  await delivered(id);
  expect(mails.received).toHaveLength(3);
  expect(mails.received[2]!.raw).toContain('Up to 23 kg.');
});

it('an e-mail session without an address is answered from support@ the verified domain, to the address that the contact gave', async () => {
  const domain = await newDomain();
  const id = await here.start({ channel: { type: 'email' } });
  await here.send(id, 'contact', { contact: { email: 'guest@guests.example' } });
  await here.send(id, 'agent');
  await delivered(id);
  const { ticket_number } = await here.read(id);
  expect(mails.received.map(({ from, to, headers }) => [from, to, headers['subject']])).toEqual([
    [`support@${domain}`, 'guest@guests.example', `Acme Tours: ticket ${String(ticket_number)}`],
  ]);
});

it('replies in a WhatsApp session are sent from its number, with a stable key', async () => {
  await newNumber();
  const phone_number_id = await newNumber();
  const contact_id = await newContact({ phone: PHONE });
  const id = await here.start({ contact_id, channel: { type: 'whatsapp', phone_number_id } });
  cloud.answer = (_, response) => response.writeHead(cloud.seen.length > 1 ? 200 : 503).end('{}');
  await here.send(id, 'agent', { message: { type: 'text', text: 'Your taxi is here.' } });
  await until('it is sent again', () => cloud.seen.length === 2);
  await delivered(id);
  expect(await delivery(id)).toEqual({ status: 'sent' });
  expect(new Set(cloud.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  expect(cloud.seen[1]).toMatchObject({ path: `/${phone_number_id}/messages` });
  expect(JSON.parse(cloud.seen[1]!.body)).toEqual({
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: PHONE.slice(1),
    type: 'text',
    text: { body: 'Your taxi is here.' },
  });
});

it('a reply that cannot be sent has the reason in the history', async () => {
  const withoutAddress = await here.start({ channel: { type: 'email' } });
  await here.send(withoutAddress, 'agent');
  expect(await delivery(withoutAddress)).toEqual({ status: 'skipped', reason: 'The contact has no e-mail address.' });
  const contact_id = await newContact({ email: 'a@guests.example', phone: '+4930999999' });
  const withoutDomain = await here.start({ contact_id, channel: { type: 'email' } });
  await here.send(withoutDomain, 'agent');
  expect(await delivery(withoutDomain)).toMatchObject({ reason: 'The organization has no verified e-mail domain.' });
  const numberless = await here.start({ contact_id, channel: { type: 'whatsapp' } });
  await here.send(numberless, 'agent');
  expect(await delivery(numberless)).toMatchObject({ reason: 'The organization has no WhatsApp number.' });
  const refused = await here.start({ contact_id, channel: { type: 'whatsapp', phone_number_id: await newNumber() } });
  cloud.answer = (_, response) =>
    response.writeHead(400).end(JSON.stringify({ error: { message: 'Re-engagement message' } }));
  await here.send(refused, 'agent');
  await delivered(refused);
  expect(await delivery(refused)).toEqual({
    status: 'rejected',
    reason: 'WhatsApp answered 400: Re-engagement message',
  });
  const web = await here.start({ contact_id, channel: { type: 'web' } });
  await here.send(web, 'agent');
  expect(await delivery(web)).toBeUndefined();
});

it('a channel has only its own fields', async () => {
  for (const channel of [
    { type: 'web', address: 'help@acme.example' },
    { type: 'whatsapp', subject: 'Hello' },
    { type: 'email', phone_number_id: '1' },
    { type: 'email', address: 'nobody' },
  ]) {
    await here.client.post('/chat/sessions').send({ channel }).expect(400);
  }
});
