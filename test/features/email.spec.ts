import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { CONFIG, type Config } from '../../src/core/config/config.js';
import { inTransaction } from '../../src/core/database/transaction.js';
import { Jobs } from '../../src/core/jobs/jobs.service.js';
import { MAIL, Mail } from '../../src/kit/mailer/mail.service.js';
import { DnsServer } from '../support/dns-server.js';
import { changeJob } from '../support/job-settings.js';
import { MailServer } from '../support/mail-server.js';
import { ownDomain } from '../support/sender-domains.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

// Shorten the back-off.
changeJob(MAIL, { retryAfterSeconds: 1 });

const FROM = 'bookings@acme.example';
const FALLBACK = {
  fallback_email_subject: 'Your booking',
  fallback_email_sender_name: 'Acme Tours',
  fallback_email_body: '<p>See you on <b>Friday</b>.</p>',
};

let mails: MailServer;
let dns: DnsServer;
let server: TestServer;
let org: TestOrg;
let client: Client;
beforeAll(async () => {
  mails = await MailServer.start();
  dns = await DnsServer.start();
  server = await TestServer.start({ SMTP_URL: mails.url, DNS_SERVERS: dns.address });
  org = await server.newOrg();
  client = await server.newClient(org);
  await ownDomain(client, dns, 'acme.example');
});
afterEach(() => {
  mails.received.length = 0;
});
afterAll(async () => {
  await server.close();
  await mails.stop();
  await dns.stop();
});

const send = (recipients: object[], fields: object = {}) =>
  client.post('/email').send({ from_email: FROM, ...FALLBACK, recipients, ...fields });

interface StoredMail {
  status: string;
  reason: string | null;
  html: string | null;
}
async function stored(to: string): Promise<StoredMail[]> {
  const sql = `SELECT status, reason, html FROM mail_messages LEFT JOIN mail_bodies ON mail_bodies.id = body_id
    WHERE to_email = $1 ORDER BY mail_messages.id`;
  return (await server.database.pool.query<StoredMail>(sql, [to])).rows;
}
/** Decodes quoted-printable, and encoded words, between which spaces don't count (RFC 2047). */
function decoded(text: string): string {
  const plain = text
    .replaceAll('=\r\n', '')
    .replaceAll(/\?=\s+=\?UTF-8\?Q\?/g, '')
    .replaceAll(/=\?UTF-8\?Q\?(.*?)\?=/g, (_, word: string) => word.replaceAll('_', ' '));
  const bytes = plain.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
const ended = (to: string) =>
  until(`the mail to ${to} has ended`, async () => (await stored(to)).every(({ status }) => status !== 'queued'));

it('each recipient gets a separate mail, with the fallback for missing fields', async () => {
  const recipients = [
    { to_email: 'one@guests.example' },
    { to_email: 'two@guests.example', email_subject: 'Für Zoë', email_sender_name: 'Doe, "Zoë" <x@y.example>' },
    { to_email: 'one@guests.example', email_body: '<p>Again &amp; again</p>' },
  ];
  const { body } = await send(recipients).expect(202);
  expect(body).toEqual({ batch_id: expect.any(String), queued: 3, skipped_unsubscribed: 0 });
  await until('all have arrived', () => mails.received.length === 3);
  expect(mails.recipients.sort()).toEqual(['one@guests.example', 'one@guests.example', 'two@guests.example']);
  const first = mails.received.find(({ raw }) => raw.includes('Friday') && raw.includes('Your booking'))!;
  expect(first.from).toBe(FROM);
  expect(first.dsn).toEqual({ ret: 'HDRS', notify: ['FAILURE'] });
  expect(first.headers).toMatchObject({
    from: `Acme Tours <${FROM}>`,
    to: 'one@guests.example',
    subject: 'Your booking',
    'message-id': expect.stringMatching(/^<[0-9a-f-]{36}@acme\.example>$/),
    'content-type': expect.stringContaining('multipart/alternative'),
  });
  expect(first.raw).toContain('See you on Friday.');
  expect(first.raw).toContain('<p>See you on <b>Friday</b>.</p>');
  const second = mails.received.find(({ to }) => to === 'two@guests.example')!;
  expect(second.from).toBe(FROM);
  expect(second.headers['subject']).toBe('=?UTF-8?Q?F=C3=BCr_Zo=C3=AB?=');
  expect(second.headers['from']).toMatch(/^"?=\?UTF-8\?.*\?="? <bookings@acme\.example>$/);
  await ended('one@guests.example');
  // The body is deleted once it was sent.
  expect(await stored('one@guests.example')).toEqual([
    { status: 'sent', reason: null, html: null },
    { status: 'sent', reason: null, html: null },
  ]);
});

it('a recipient without a body, subject or sender is named in a 400, and no mail is sent', async () => {
  const recipients = [
    { to_email: 'one@guests.example', email_body: 'x', email_subject: 'x', email_sender_name: 'x' },
    { to_email: 'two@guests.example', email_subject: 'x' },
  ];
  const { body } = await client.post('/email').send({ from_email: FROM, recipients }).expect(400);
  const missing = (field: string) => ({
    field: `recipients.1.${field}`,
    message: `recipients.1.${field} is missing, and there is no fallback_${field}`,
  });
  expect(body).toMatchObject({ errors: [missing('email_body'), missing('email_sender_name')] });
  for (const wrong of [
    { recipients: [] },
    { recipients: [{ to_email: 'no address' }] },
    { recipients: [{ to_email: 'a@b.example, c@d.example' }] },
    { recipients: [{ to_email: 'one@guests.example', email_subject: 'x\r\nBcc: two@guests.example' }] },
    { recipients: [{ to_email: 'one@guests.example', email_sender_name: 'x\nBcc: two@guests.example' }] },
    { recipients: [{ to_email: 'one@guests.example\r\nBcc: two@guests.example' }] },
    { recipients: Array.from({ length: 501 }, () => ({ to_email: 'one@guests.example' })) },
    { delay_in_minutes: 0 },
  ]) {
    await send([{ to_email: 'one@guests.example' }], wrong).expect(400);
  }
  expect(mails.received).toEqual([]);
});

it('mail is sent only from a domain that the org has verified', async () => {
  const neighbour = await server.newClient();
  const mail = { ...FALLBACK, recipients: [{ to_email: 'one@guests.example' }] };
  for (const from_email of ['x@other.example', 'x@sub.acme.example', 'acme.example@acme.example.evil.example']) {
    const { body } = await client
      .post('/email')
      .send({ ...mail, from_email })
      .expect(400);
    expect(body).toMatchObject({ errors: [{ field: 'from_email' }] });
  }
  await neighbour
    .post('/email')
    .send({ ...mail, from_email: FROM })
    .expect(400);
  await client
    .post('/email')
    .send({ ...mail, from_email: 'Bookings@ACME.example' })
    .expect(202);
  await until('it has arrived', () => mails.received.length === 1);
  expect(mails.received[0]!.from).toBe('bookings@acme.example');
});

it('unsubscribed contacts get transactional mail only, even if they unsubscribe after the request', async () => {
  const unsubscribed_at = new Date().toISOString();
  const contact = async (email: string) =>
    ((await client.post('/contacts').send({ contact: { email } }).expect(201)).body as { id: string }).id;
  const unsubscribe = (id: string) =>
    client.patch(`/contacts/${id}`).send({ contact: { unsubscribed_at } }).expect(200);
  await unsubscribe(await contact('gone@guests.example'));
  const later = await contact('going@guests.example');
  const { body } = await send([
    { to_email: 'Gone@guests.example' },
    { to_email: '"gone"@ｇｕｅｓｔｓ.example.' },
    { to_email: 'gone@guests.example', email_is_transactional: true },
    { to_email: 'stays@guests.example' },
  ]).expect(202);
  expect(body).toEqual({ batch_id: expect.any(String), queued: 2, skipped_unsubscribed: 2 });
  await until('two have arrived', () => mails.received.length === 2);
  expect(mails.recipients.sort()).toEqual(['gone@guests.example', 'stays@guests.example']);
  await send([{ to_email: 'going@guests.example' }], { delay_in_minutes: 5 }).expect(202);
  await unsubscribe(later);
  expect((await stored('going@guests.example'))[0]).toMatchObject({ status: 'queued' });
  await server.database.pool.query(`UPDATE pgboss.job SET start_after = now() WHERE name = 'mail'`);
  await ended('going@guests.example');
  expect(await stored('going@guests.example')).toEqual([
    { status: 'skipped', reason: 'The contact has unsubscribed.', html: null },
  ]);
});

it('a scheduled mail is sent at its time', async () => {
  await send([{ to_email: 'later@guests.example' }], { delay_in_minutes: 90 }).expect(202);
  const { rows } = await server.database.pool.query(`
    SELECT round(extract(epoch FROM start_after - now()) / 60)::int AS minutes FROM pgboss.job
    WHERE name = 'mail' AND data->>'id' = (SELECT id::text FROM mail_messages WHERE to_email = 'later@guests.example')`);
  expect(rows).toEqual([{ minutes: 90 }]);
});

it('no mail is lost while the mail server is down', async () => {
  await mails.stop();
  await send([{ to_email: 'a@guests.example' }, { to_email: 'b@guests.example' }]).expect(202);
  const tried = `SELECT count(*)::int FROM pgboss.job WHERE name = 'mail' AND retry_count > 0 AND state <> 'completed'`;
  await until(
    'both were tried more than once',
    async () => {
      return (await server.database.pool.query(tried)).rows[0].count >= 2;
    },
    { everyMs: 50 },
  );
  expect((await stored('a@guests.example'))[0]).toMatchObject({ status: 'queued' });
  await mails.start();
  await ended('a@guests.example');
  await ended('b@guests.example');
  expect(mails.recipients.sort()).toEqual(['a@guests.example', 'b@guests.example']);
});

it('a permanently refused recipient fails alone, and a deferred one is retried', async () => {
  mails.refusals.set('unknown@guests.example', { code: 550, text: '5.1.1 No such user' });
  mails.refusals.set('busy@guests.example', { code: 451, text: '4.2.1 Later' });
  await send(['unknown', 'known', 'busy'].map((name) => ({ to_email: `${name}@guests.example` }))).expect(202);
  await ended('unknown@guests.example');
  await ended('known@guests.example');
  expect(await stored('unknown@guests.example')).toEqual([
    { status: 'rejected', reason: '550 5.1.1 No such user', html: null },
  ]);
  expect(await stored('busy@guests.example')).toMatchObject([{ status: 'queued' }]);
  mails.refusals.clear();
  await ended('busy@guests.example');
  expect(mails.recipients).toEqual(['known@guests.example', 'busy@guests.example']);
});

it("merge fields take the contact's values when the mail is sent, escaped in HTML", async () => {
  const contact = { email: 'zoe@guests.example', name: 'Zoë', custom_data: { plan: 'gold' } };
  const { body } = await client.post('/contacts').send({ contact }).expect(201);
  const recipients = [
    { to_email: 'zoe@guests.example', email_subject: 'For {{contact.name}} <{{contact.email}}>' },
    { to_email: 'stranger@guests.example', email_sender_name: 'Acme{{contact.phone_number}}' },
  ];
  const fallback_email_body =
    '<p>Dear {{contact.name | default: "friend & guest"}}, {{contact.custom_data.plan | default: \'no\'}} plan</p>';
  await send(recipients, {
    fallback_email_body,
    fallback_email_subject: 'Hello {{ contact.name | default: "there" }}',
    delay_in_minutes: 90,
  }).expect(202);
  const { id } = body as { id: string };
  await client
    .patch(`/contacts/${id}`)
    .send({ contact: { name: 'Zoë <b>' } })
    .expect(200);
  const due = `UPDATE pgboss.job SET start_after = now() FROM mail_messages
    WHERE name = 'mail' AND data->>'id' = mail_messages.id::text AND to_email = ANY ($1)`;
  await server.database.pool.query(due, [recipients.map(({ to_email }) => to_email)]);
  await ended('zoe@guests.example');
  await ended('stranger@guests.example');
  const [known, stranger] = recipients.map(({ to_email }) => mails.received.find(({ to }) => to === to_email)!);
  expect(decoded(known!.raw)).toContain('Dear Zoë &#60;b&#62;, gold plan');
  expect(decoded(known!.raw)).toContain('Dear Zoë <b>, gold plan');
  expect(decoded(known!.headers['subject']!)).toBe('For Zoë <b> <zoe@guests.example>');
  expect(stranger!.headers).toMatchObject({ subject: 'Hello there', from: `Acme <${FROM}>` });
  expect(decoded(stranger!.raw)).toContain('<p>Dear friend &#38; guest, no plan</p>');
});

it('an unknown or broken merge field is a 400 that names the field, and nothing is sent', async () => {
  const to_email = 'one@guests.example';
  for (const [fields, named, problem] of [
    [
      { recipients: [{ to_email, email_subject: '{{contact.nmae}}' }] },
      'recipients.0.email_subject',
      'unknown merge field',
    ],
    [{ recipients: [{ to_email, email_body: '{{contact.name' }] }, 'recipients.0.email_body', "can't be read"],
    [{ fallback_email_sender_name: '{{trigger.name}}' }, 'fallback_email_sender_name', 'unknown merge field'],
  ] as const) {
    const { body } = await send([{ to_email }], fields).expect(400);
    expect(body).toMatchObject({ errors: [{ field: named, message: expect.stringContaining(problem) }] });
  }
  expect(mails.received).toEqual([]);
});

it('a mail can answer another one', async () => {
  const answer = (email_in_reply_to: string) => send([{ to_email: 'asks@guests.example', email_in_reply_to }]);
  for (const wrong of ['', 'a@b.example', '<a b@c.example>', '<a@b.example>\r\nBcc: <x@y.example>', '<a>b>']) {
    await answer(wrong).expect(400);
  }
  await answer('<question-1@guests.example>').expect(202);
  await until('it has arrived', () => mails.received.length === 1);
  expect(mails.received[0]!.headers).toMatchObject({
    'in-reply-to': '<question-1@guests.example>',
    references: '<question-1@guests.example>',
  });
});

interface ShownMail {
  readonly id: string;
  readonly message_id: string;
  readonly to_email: string;
  readonly status: string;
  readonly reason: string | null;
}
const messages = async (query: string) =>
  ((await client.get(`/email/messages?${query}`).expect(200)).body as { items: ShownMail[] }).items;
async function newContact(email: string): Promise<string> {
  return ((await client.post('/contacts').send({ contact: { email } }).expect(201)).body as { id: string }).id;
}

it('the outcome of each recipient is listed, in the order of the request', async () => {
  const gone = await newContact('left@guests.example');
  const unsubscribed_at = new Date().toISOString();
  await client.patch(`/contacts/${gone}`).send({ contact: { unsubscribed_at } }).expect(200);
  const unknown = await newContact('nobody@guests.example');
  const strict = await newContact('strict@guests.example');
  mails.refusals.set('nobody@guests.example', { code: 550, text: '5.1.1 No such user' });
  mails.refusals.set('strict@guests.example', { code: 550, text: '5.7.1 Blocked' });
  const names = ['fine', 'left', 'nobody', 'strict'];
  const { body } = await send(names.map((name) => ({ to_email: `${name}@guests.example` }))).expect(202);
  const { batch_id } = body as { batch_id: string };
  for (const name of names) await ended(`${name}@guests.example`);
  mails.refusals.clear();
  const shown = (await messages(`batch_id=${batch_id}`)).toReversed();
  expect(shown).toMatchObject([
    { to_email: 'fine@guests.example', status: 'sent', reason: null, from_email: FROM, subject: 'Your booking' },
    { to_email: 'left@guests.example', status: 'skipped', reason: 'The contact has unsubscribed.' },
    { to_email: 'nobody@guests.example', status: 'rejected', reason: '550 5.1.1 No such user' },
    { to_email: 'strict@guests.example', status: 'rejected', reason: '550 5.7.1 Blocked' },
  ]);
  expect(shown[0]!.message_id).toBe(mails.received[0]!.headers['message-id']);
  expect(await messages('status=rejected&to_email=nobody@guests.example')).toEqual([shown[2]]);
  expect((await client.get(`/email/messages/${shown[0]!.id}`).expect(200)).body).toEqual(shown[0]);
  expect((await client.get(`/contacts/${unknown}`).expect(200)).body).toMatchObject({
    undeliverable_at: expect.any(String),
    undeliverable_reason: '550 5.1.1 No such user',
  });
  expect((await client.get(`/contacts/${strict}`).expect(200)).body).toMatchObject({ undeliverable_at: null });
});

it('a bounce marks the mail and its contact, who then gets transactional mail only', async () => {
  const neighbour = await server.newClient();
  const to_email = 'bounces@guests.example';
  const contact = await newContact(to_email);
  await send([{ to_email }]).expect(202);
  await ended(to_email);
  const [{ message_id, id }] = (await messages(`to_email=${to_email}`)) as [ShownMail];
  const report = (action: string) =>
    [
      'Message-ID: <r@mail.example>\r\n',
      'Content-Type: message/delivery-status\r\n',
      `Action: ${action}\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 No such user\r\n`,
      `Message-ID: ${message_id}\r\n`,
    ].join('\r\n');
  const bounce = (body: object, by = client) => by.post('/email/bounces').send(body);
  expect((await bounce({ report: report('delayed') }).expect(200)).body).toMatchObject({ id, status: 'sent' });
  for (const wrong of [{}, { report: 'Hello' }, { message_id: 'x' }, { message_id, report: report('failed') }]) {
    await bounce(wrong).expect(400);
  }
  await bounce({ message_id: '<unknown@acme.example>' }).expect(404);
  await bounce({ message_id: message_id.replace('acme', 'other') }).expect(404);
  await bounce({ message_id }, neighbour).expect(404);
  const bounced = { id, status: 'bounced', reason: '5.1.1 smtp; 550 No such user' };
  expect((await bounce({ report: report('failed') }).expect(200)).body).toMatchObject(bounced);
  expect((await bounce({ message_id, reason: 'Again' }).expect(200)).body).toMatchObject(bounced);
  const read = async () => (await client.get(`/contacts/${contact}`).expect(200)).body as object;
  expect(await read()).toMatchObject({
    undeliverable_at: expect.any(String),
    undeliverable_reason: '5.1.1 smtp; 550 No such user',
  });
  await send([{ to_email }, { to_email, email_is_transactional: true }]).expect(202);
  await ended(to_email);
  const later = (await messages(`to_email=${to_email}&limit=2`)).map(({ status, reason }) => reason ?? status);
  expect(later.toSorted()).toEqual(['Mail to the contact bounced or was refused before.', 'sent']);
  const change = (fields: object) => client.patch(`/contacts/${contact}`).send({ contact: fields });
  await change({ undeliverable_at: new Date().toISOString() }).expect(400);
  await change({ email: to_email, name: 'Bo' }).expect(200);
  expect(await read()).toMatchObject({ undeliverable_at: expect.any(String) });
  await change({ undeliverable_at: null }).expect(200);
  expect(await read()).toMatchObject({ undeliverable_at: null, undeliverable_reason: null });
});

it('an address that was refused is forgotten when the contact gets another one', async () => {
  const contact = await newContact('typo@guests.example');
  mails.refusals.set('typo@guests.example', { code: 550, text: '5.1.1 No such user' });
  await send([{ to_email: 'typo@guests.example' }]).expect(202);
  await ended('typo@guests.example');
  mails.refusals.clear();
  expect((await client.get(`/contacts/${contact}`).expect(200)).body).toMatchObject({
    undeliverable_at: expect.any(String),
  });
  const change = { contact: { email: 'right@guests.example' } };
  expect((await client.patch(`/contacts/${contact}`).send(change).expect(200)).body).toMatchObject({
    email: 'right@guests.example',
    undeliverable_at: null,
    undeliverable_reason: null,
  });
});

it('an Idempotency-Key sends once', async () => {
  const again = () =>
    send([{ to_email: 'once@guests.example' }])
      .set('Idempotency-Key', 'k-1')
      .expect(202);
  const [first, second] = [await again(), await again()];
  expect(second.body).toEqual(first.body);
  await ended('once@guests.example');
  expect(await stored('once@guests.example')).toHaveLength(1);
});

it('one Idempotency-Key for several mails stores the first only', async () => {
  const mail = {
    orgId: org.id,
    from: FROM,
    senderName: 'Acme',
    to: 'keyed@guests.example',
    subject: 'One\r\nBcc: evil@guests.example',
    html: '<p>1</p>',
    isTransactional: true,
    key: 'step-1',
  };
  const service = server.app.get(Mail);
  const within = <T>(work: Parameters<typeof inTransaction<T>>[1]) => inTransaction(server.database.dataSource, work);
  expect(await within((manager) => service.enqueue(manager, mail))).toBe(true);
  expect(await within((manager) => service.enqueue(manager, { ...mail, html: '<p>2</p>' }))).toBe(false);
  await ended('keyed@guests.example');
  expect(mails.received.map(({ headers }) => headers)).toMatchObject([
    { subject: 'One Bcc: evil@guests.example', to: 'keyed@guests.example' },
  ]);
});

it('without a mail server, mail stays in the outbox unchanged', async () => {
  const config = server.app.get<Config>(CONFIG);
  const mail = new Mail({ ...config, smtpUrl: undefined }, server.app.get(Jobs));
  await inTransaction(server.database.dataSource, (manager) =>
    mail.enqueue(manager, {
      orgId: org.id,
      from: FROM,
      senderName: 'Acme',
      to: 'kept@guests.example',
      subject: 'Kept',
      html: '<p>Kept</p>',
      isTransactional: true,
    }),
  );
  expect(await stored('kept@guests.example')).toEqual([{ status: 'outbox', reason: null, html: '<p>Kept</p>' }]);
});
