import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { inTransaction } from '../../src/core/database/transaction.js';
import { DomainEventBus } from '../../src/kit/domain-events/domain-event-bus.js';
import { Jobs } from '../../src/core/jobs/jobs.service.js';
import { MAIL } from '../../src/kit/mailer/mail.service.js';
import { SEQUENCE_STEP } from '../../src/resources/outreach/sequences/batch-step.js';
import { DnsServer } from '../support/dns-server.js';
import { changeJob } from '../support/job-settings.js';
import { MailServer } from '../support/mail-server.js';
import { ownDomain } from '../support/sender-domains.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';

changeJob(MAIL, { retryAfterSeconds: 1 });

const EMAIL = {
  from_email: 'hello@acme.example',
  email_subject: 'Welcome',
  email_body: '<p>Hello!</p>',
  email_sender_name: 'Acme Tours',
  email_is_transactional: false,
};
const mailStep = (fields: object = {}, delay_in_minutes = 0) => ({
  action: { type: 'send_emails', data: { ...EMAIL, ...fields } },
  delay_in_minutes,
});

let mails: MailServer;
let dns: DnsServer;
let server: TestServer;
const completed: string[] = [];
beforeAll(async () => {
  mails = await MailServer.start();
  dns = await DnsServer.start();
  server = await TestServer.start({ SMTP_URL: mails.url, DNS_SERVERS: dns.address });
  const bus = server.app.get(DomainEventBus);
  bus.listen('sequence.completed', async (_, { sequenceId }) => void completed.push(sequenceId));
});
afterEach(() => {
  mails.received.length = 0;
});
afterAll(async () => {
  await server.close();
  await mails.stop();
  await dns.stop();
});

interface ShownSequence {
  id: string;
  status: string;
  started_at: string | null;
  canceled_at: string | null;
  ended_at: string | null;
  steps: { started_at: string | null; ended_at: string | null }[];
  outcomes: Readonly<Record<string, unknown>>;
}

/** The counts of a sequence that has done nothing. */
const NOTHING = {
  waiting: 0,
  queued: 0,
  sent: 0,
  bounced: 0,
  rejected: 0,
  failed: 0,
  skipped: 0,
  skipped_because: {},
  outbox: 0,
  canceled: 0,
};

/** A client for the sequences of one org. */
class Sequencing {
  private constructor(
    readonly org: TestOrg,
    readonly client: Client,
  ) {}

  /** Creates an org with a verified domain. */
  static async begin(): Promise<Sequencing> {
    const org = await server.newOrg();
    const client = await server.newClient(org);
    dns.texts.clear();
    await ownDomain(client, dns, 'acme.example');
    return new Sequencing(org, client);
  }

  async contact(fields: object): Promise<string> {
    return ((await this.client.post('/contacts').send({ contact: fields }).expect(201)).body as { id: string }).id;
  }

  async create(fields: object = {}): Promise<string> {
    const sequence = { filter: null, steps: [mailStep()], ...fields };
    return ((await this.client.post('/sequences').send(sequence).expect(201)).body as { id: string }).id;
  }

  async read(name: string): Promise<ShownSequence> {
    return (await this.client.get(`/sequences/${name}`).expect(200)).body as ShownSequence;
  }

  async start(id: string): Promise<ShownSequence> {
    return (await this.client.put(`/sequences/${id}/start`).expect(200)).body as ShownSequence;
  }

  async add(id: string, contacts: object[]): Promise<string> {
    const { body } = await this.client.post(`/sequences/${id}/contacts`).send({ contacts }).expect(201);
    return (body as { run_id: string }).run_id;
  }

  /** The outcomes of each contact's steps. */
  async outcomes(id: string): Promise<Record<string, string[]>> {
    const sql = `SELECT coalesce(email, phone_number) AS who, state, reason FROM sequence_contact_steps
      JOIN contacts ON contacts.id = contact_id WHERE sequence_id = $1 ORDER BY who, position`;
    const { rows } = await server.database.pool.query(sql, [id]);
    const said = Map.groupBy(rows as { who: string; state: string; reason: string | null }[], ({ who }) => who);
    return Object.fromEntries([...said].map(([who, own]) => [who, own.map(({ state, reason }) => reason ?? state)]));
  }

  /** Waits until no mail is queued. */
  async settled(id: string): Promise<Record<string, string[]>> {
    await until('no mail is queued', async () => (await this.read(id)).outcomes['queued'] === 0, { everyMs: 20 });
    return this.outcomes(id);
  }

  async is(id: string, status: string): Promise<ShownSequence> {
    await until(`it is ${status}`, async () => (await this.read(id)).status === status, { everyMs: 20 });
    return this.read(id);
  }
}

it('a sequence can be read by its id and its custom_id, and updated while it is pending', async () => {
  const here = await Sequencing.begin();
  const neighbour = await Sequencing.begin();
  const id = await here.create({
    custom_id: 'welcome',
    steps: [mailStep({}, 5), { action: { type: 'make_phone_calls', data: {} } }],
  });
  const sequence = await here.read(id);
  const times = { started_at: null, ended_at: null };
  expect(sequence).toEqual({
    started_by: null,
    id,
    org_id: here.org.id,
    name: 'New Sequence',
    custom_id: 'welcome',
    filter: null,
    steps: [
      { action: { type: 'send_emails', data: EMAIL }, delay_in_minutes: 5, ...times },
      { action: { type: 'make_phone_calls', data: {} }, delay_in_minutes: 0, ...times },
    ],
    is_continuous: true,
    outcomes: NOTHING,
    status: 'pending',
    canceled_at: null,
    ...times,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  expect(await here.read('welcome')).toEqual(sequence);
  const listed = async (query: string) => (await here.client.get(`/sequences${query}`).expect(200)).body as object;
  expect(await listed('?status=pending')).toEqual({ items: [sequence], next: null });
  expect(await listed('?status=active')).toEqual({ items: [], next: null });
  const other = await here.create();
  const patch = (body: object) => here.client.patch(`/sequences/${other}`).send(body);
  const { body: taken } = await patch({ custom_id: 'welcome' }).expect(409);
  expect(taken).toMatchObject({ message: 'Sequence with this custom_id already exists' });
  await here.client
    .post('/sequences')
    .send({ filter: null, steps: [mailStep()], custom_id: 'welcome' })
    .expect(409);
  const filter = { or: [{ and: [{ type: 'all_contacts' }] }] };
  expect((await patch({ name: 'Other', filter, is_continuous: false }).expect(200)).body).toMatchObject({
    name: 'Other',
    filter,
  });
  expect((await patch({ filter: null }).expect(200)).body).toMatchObject({ filter: null, is_continuous: false });
  expect((await patch({}).expect(200)).body).toMatchObject({ name: 'Other' });
  await patch({ name: null }).expect(400);
  for (const name of [id, 'welcome', UNKNOWN_ID, 'x']) {
    const path = `/sequences/${name}`;
    await neighbour.client.get(path).expect(404);
    await neighbour.client.patch(path).send({ name: 'x' }).expect(404);
    await neighbour.client.put(`${path}/start`).expect(404);
    await neighbour.client.put(`${path}/cancel`).expect(404);
    await neighbour.client
      .post(`${path}/contacts`)
      .send({ contacts: [{ email: 'a@b.example' }] })
      .expect(404);
  }
});

it('an invalid filter or step is refused by field, and ids in it must be of the org', async () => {
  const here = await Sequencing.begin();
  const neighbour = await Sequencing.begin();
  const create = (fields: object) =>
    here.client.post('/sequences').send({ filter: null, steps: [mailStep()], ...fields });
  const fieldsOf = async (fields: object) =>
    ((await create(fields).expect(400)).body as { errors: { field: string }[] }).errors.map(({ field }) => field);
  const condition = (value: unknown) => ({ filter: { or: [{ and: [{ type: 'all_contacts' }, value] }] } });
  const at = 'filter.or.0.and.1';
  expect(await fieldsOf({ filter: undefined })).toEqual(['filter']);
  expect(await fieldsOf({ filter: { or: [] } })).toEqual(['filter.or']);
  expect(await fieldsOf({ filter: { or: [{ and: [] }] } })).toEqual(['filter.or.0.and']);
  for (const value of [null, 'all_contacts', {}, { type: 'toString' }, { type: 'some_contacts' }]) {
    expect(await fieldsOf(condition(value))).toEqual([`${at}.type`]);
  }
  for (const [field, value] of [
    ['colour', { type: 'all_contacts', colour: 'red' }],
    ['contact_ids', { type: 'contact_id_in' }],
    ['contact_ids', { type: 'contact_id_in', contact_ids: [] }],
    ['after', { type: 'contacts_created_at_between', after: 'yesterday' }],
    ['domain_name_in', { type: 'contacts_email_domain_name_in', domain_name_in: 'x.example' }],
    ['sequence_id', { type: 'contacts_affected_by_sequence', sequence_id: 7 }],
  ] as const) {
    expect(await fieldsOf(condition(value))).toEqual([`${at}.${field}`]);
  }
  const theirs = await neighbour.contact({ email: 'a@guests.example' });
  for (const contact of [theirs, UNKNOWN_ID, 'x']) {
    const { body } = await create(condition({ type: 'contact_id_in', contact_ids: [contact] })).expect(404);
    expect(body).toMatchObject({ message: 'Contact not found' });
  }
  for (const sequence_id of [await neighbour.create(), UNKNOWN_ID, 'x']) {
    const { body } = await create(condition({ type: 'contacts_affected_by_sequence', sequence_id })).expect(404);
    expect(body).toMatchObject({ message: 'Sequence not found' });
  }
  const action = 'steps.0.action';
  expect(await fieldsOf({ steps: [] })).toEqual(['steps']);
  expect(await fieldsOf({ steps: [{ action: { type: 'send_letters', data: {} } }] })).toEqual([`${action}.type`]);
  expect(await fieldsOf({ steps: [mailStep({}, -1)] })).toEqual(['steps.0.delay_in_minutes']);
  expect(await fieldsOf({ steps: [mailStep({ from_email: 'x' })] })).toEqual([`${action}.data.from_email`]);
  expect(await fieldsOf({ steps: [mailStep({ email_subject: 'a\r\nBcc: b@c.example' })] })).toEqual([
    `${action}.data.email_subject`,
  ]);
  expect(await fieldsOf({ steps: [mailStep({ email_body: '{{contact.nmae}}' })] })).toEqual([
    `${action}.data.email_body`,
  ]);
  const call = { action: { type: 'make_phone_calls', data: { number: '+49301234567' } } };
  expect(await fieldsOf({ steps: [call] })).toEqual([`${action}.data.number`]);
});

it('a started sequence takes every matching contact through its steps once, skips unsubscribed ones, and completes', async () => {
  const here = await Sequencing.begin();
  const old = await here.create({ is_continuous: false });
  await here.contact({ email: 'one@inside.example' });
  await here.start(old);
  await here.is(old, 'complete');
  await until('it has arrived', () => mails.received.length === 1);
  mails.received.length = 0;

  const named = await here.contact({ email: 'named@outside.example' });
  await here.contact({ email: 'other@outside.example' });
  await here.contact({ email: 'two@inside.example' });
  await here.contact({ email: 'blocked@inside.example' });
  await here.client.post('/blocklist/contacts').send({ email: 'blocked@inside.example' }).expect(200);
  await here.contact({ email: 'three@sub.inside.example' });
  const gone = await here.contact({ email: 'gone@inside.example' });
  const unsubscribed_at = new Date().toISOString();
  await here.client.patch(`/contacts/${gone}`).send({ contact: { unsubscribed_at } }).expect(200);
  const caller = await here.contact({ phone: '+493012345678' });
  const inside = { type: 'contacts_email_domain_name_in', domain_name_in: ['Inside.example', 'sub.inside.example'] };
  await here.client.post('/blocklist/domains').send({ domains: 'sub.inside.example' }).expect(200);
  const filter = {
    or: [
      { and: [inside, { type: 'contacts_created_at_between', after: '2020-01-01T00:00:00.000Z', before: null }] },
      { and: [{ type: 'contact_id_in', contact_ids: [named, caller] }] },
      {
        and: [
          { type: 'contacts_affected_by_sequence', sequence_id: old },
          { ...inside, domain_name_in: ['no.example'] },
        ],
      },
    ],
  };
  const steps = [mailStep(), mailStep({ email_is_transactional: true, email_subject: 'Receipt' })];
  const id = await here.create({ is_continuous: false, filter, steps });
  const { status, started_at } = await here.start(id);
  expect({ status, started_at }).toEqual({ status: 'active', started_at: expect.any(String) });
  const done = await here.is(id, 'complete');
  expect(done.ended_at).toEqual(expect.any(String));
  expect(done.steps.map((step) => [step.started_at !== null, step.ended_at !== null])).toEqual(
    steps.map(() => [true, true]),
  );
  expect(completed).toEqual([old, id]);
  const blocked = ['The contact is blocked.', 'The contact is blocked.'];
  const noAddress = 'The contact has no e-mail address.';
  expect(await here.settled(id)).toEqual({
    '+493012345678': [noAddress, noAddress],
    'blocked@inside.example': blocked,
    'gone@inside.example': ['The contact has unsubscribed.', 'sent'],
    'named@outside.example': ['sent', 'sent'],
    'one@inside.example': ['sent', 'sent'],
    'three@sub.inside.example': blocked,
    'two@inside.example': ['sent', 'sent'],
  });
  expect((await here.read(id)).outcomes).toEqual({
    ...NOTHING,
    sent: 7,
    skipped: 7,
    skipped_because: {
      'The contact has no e-mail address.': 2,
      'The contact has unsubscribed.': 1,
      'The contact is blocked.': 4,
    },
  });
  await until('all have arrived', () => mails.received.length === 7);
  const got = mails.received.map(({ to, headers }) => `${headers['subject']} ${to}`);
  expect(got.sort()).toEqual([
    'Receipt gone@inside.example',
    ...['Receipt', 'Welcome'].flatMap((subject) =>
      ['named@outside', 'one@inside', 'two@inside'].map((name) => `${subject} ${name}.example`),
    ),
  ]);
  const refused = async (request: { expect(code: number): Promise<{ body: unknown }> }) =>
    (await request.expect(409)).body;
  const message = 'The sequence is complete. Only a pending sequence can be changed or started.';
  expect(await refused(here.client.put(`/sequences/${id}/start`))).toMatchObject({ message });
  expect(await refused(here.client.patch(`/sequences/${id}`).send({ name: 'x' }))).toMatchObject({ message });
  await refused(here.client.post(`/sequences/${id}/contacts`).send({ contacts: [{ email: 'x@inside.example' }] }));
});

it('a sequence without a matching contact completes at once', async () => {
  const here = await Sequencing.begin();
  const id = await here.create({ is_continuous: false });
  await here.start(id);
  expect((await here.is(id, 'complete')).steps).toMatchObject([{ started_at: null, ended_at: null }]);
});

it('a continuous sequence takes each added matching contact once, and creates unknown contacts', async () => {
  const here = await Sequencing.begin();
  const neighbour = await Sequencing.begin();
  const inside = { type: 'contacts_email_domain_name_in', domain_name_in: ['inside.example'] };
  const id = await here.create({
    custom_id: 'c',
    filter: { or: [{ and: [inside] }] },
    steps: [mailStep(), mailStep({ email_subject: 'Later' }, 60)],
  });
  await here.client.put(`/sequences/${id}/start`).expect(409);
  const known = await here.contact({ email: 'known@inside.example' });
  const add = (...contacts: object[]) => here.client.post('/sequences/c/contacts').send({ contacts });
  for (const contacts of [
    [{}],
    [{ id: known, email: 'known@inside.example' }],
    [{ email: 'x' }],
    [{ phone_number: '030' }],
  ]) {
    await add(...contacts).expect(400);
  }
  await add().expect(400);
  for (const unknown of [UNKNOWN_ID, 'x', await neighbour.contact({ email: 'theirs@inside.example' })]) {
    await add({ email: 'never@inside.example' }, { id: unknown }).expect(404);
  }
  expect((await here.read(id)).status).toBe('pending');
  const run = await here.add('c', [
    { id: known },
    { id: known.toUpperCase() },
    { email: 'New@inside.example' },
    { email: 'new@outside.example' },
    { phone_number: '+493012345678' },
  ]);
  expect(run).toMatch(/^[0-9a-f-]{36}$/);
  expect(await here.read(id)).toMatchObject({ status: 'active', started_at: expect.any(String), ended_at: null });
  await until('both have answers', () => mails.received.length === 2);
  expect(mails.recipients.sort()).toEqual(['known@inside.example', 'new@inside.example']);
  const emails = ((await here.client.get('/contacts').expect(200)).body as { items: { email: string | null }[] }).items;
  expect(emails.map(({ email }) => email).sort()).toEqual([
    'known@inside.example',
    'new@inside.example',
    'new@outside.example',
    null,
  ]);
  expect(await here.add('c', [{ id: known }, { email: 'late@inside.example' }])).not.toBe(run);
  await until('the late one has an answer', () => mails.received.length === 3);
  expect(await here.settled(id)).toEqual({
    'known@inside.example': ['sent', 'waiting'],
    'late@inside.example': ['sent', 'waiting'],
    'new@inside.example': ['sent', 'waiting'],
  });
  expect((await here.read(id)).steps).toMatchObject([
    { started_at: expect.any(String), ended_at: null },
    { started_at: null, ended_at: null },
  ]);
});

/** Makes all delayed jobs due. */
async function passTime(): Promise<void> {
  await server.database.pool.query(`UPDATE pgboss.job SET start_after = now() WHERE state IN ('created', 'retry')`);
}

it('a step runs after its delay, with the current data of the contact', async () => {
  const here = await Sequencing.begin();
  const id = await here.create({ steps: [mailStep({}, 10), mailStep({}, 20)] });
  const stays = await here.contact({ email: 'stays@guests.example' });
  const leaves = await here.contact({ email: 'leaves@guests.example' });
  await here.add(id, [{ id: stays }, { id: leaves }]);
  const delays = async () => {
    const sql = `SELECT round(extract(epoch FROM start_after - now()) / 60)::int AS minutes FROM pgboss.job
      WHERE name = $1 AND state = 'created'`;
    const { rows } = await server.database.pool.query<{ minutes: number }>(sql, [SEQUENCE_STEP.name]);
    return rows.map(({ minutes }) => minutes);
  };
  await server.database.pool.query(`DELETE FROM pgboss.job WHERE name = $1 AND data->>'org_id' <> $2`, [
    SEQUENCE_STEP.name,
    here.org.id,
  ]);
  expect(await delays()).toEqual([10]);
  await passTime();
  await until('the first has been sent', () => mails.received.length === 2);
  await until('the second is postponed', async () => (await delays()).length === 1);
  expect(await delays()).toEqual([20]);
  const unsubscribed_at = new Date().toISOString();
  await here.client.patch(`/contacts/${leaves}`).send({ contact: { unsubscribed_at } }).expect(200);
  await passTime();
  await until('the second has been sent', () => mails.received.length === 3);
  expect(await here.settled(id)).toEqual({
    'leaves@guests.example': ['sent', 'The contact has unsubscribed.'],
    'stays@guests.example': ['sent', 'sent'],
  });
});

it('a sequence with a step that cannot be carried out does not start', async () => {
  const here = await Sequencing.begin();
  await here.contact({ email: 'one@guests.example' });
  const unverified = mailStep({ from_email: 'x@other.example' });
  const call = { action: { type: 'make_phone_calls', data: {} } };
  for (const [step, code] of [
    [unverified, 'sequence_sender_unverified'],
    [call, 'sequence_step_unavailable'],
  ] as const) {
    const steps = [mailStep(), step];
    const once = await here.create({ is_continuous: false, steps });
    const { body } = await here.client.put(`/sequences/${once}/start`).expect(409);
    expect(body).toMatchObject({ code, message: expect.stringMatching(/^steps\.1 /) });
    const continuous = await here.create({ steps });
    const contacts = [{ email: 'new@guests.example' }];
    const added = await here.client.post(`/sequences/${continuous}/contacts`).send({ contacts }).expect(409);
    expect(added.body).toMatchObject({ code });
    expect([await here.read(once), await here.read(continuous)]).toMatchObject([
      { status: 'pending', outcomes: NOTHING },
      { status: 'pending', outcomes: NOTHING },
    ]);
  }
  const { body } = await here.client.get('/contacts').expect(200);
  expect((body as { items: { email: string }[] }).items.map(({ email }) => email)).toEqual(['one@guests.example']);
});

it('a step whose sender lost its domain meanwhile skips its contacts, and says so', async () => {
  const here = await Sequencing.begin();
  const id = await here.create({ steps: [mailStep({}, 60)] });
  await here.add(id, [{ email: 'one@guests.example' }]);
  await here.client.delete('/email/domains/acme.example').expect(204);
  await passTime();
  const reason = 'The domain of from_email is not verified.';
  await until('it is skipped', async () => (await here.read(id)).outcomes['skipped'] === 1);
  expect((await here.read(id)).outcomes).toEqual({ ...NOTHING, skipped: 1, skipped_because: { [reason]: 1 } });
});

it('the outcome of each step is listed per contact, as its mail turns out', async () => {
  const here = await Sequencing.begin();
  const neighbour = await Sequencing.begin();
  mails.refusals.set('unknown@guests.example', { code: 550, text: '5.1.1 No such user' });
  const contacts = [await here.contact({ email: 'known@guests.example' })];
  contacts.push(await here.contact({ email: 'unknown@guests.example' }));
  contacts.push(await here.contact({ phone: '+493012345678' }));
  const id = await here.create({ custom_id: 'c', steps: [mailStep(), mailStep({}, 60)] });
  const run_id = await here.add(
    id,
    contacts.map((contact) => ({ id: contact })),
  );
  await until('the step is taken', async () => (await here.read(id)).outcomes['skipped'] === 1);
  await here.settled(id);
  mails.refusals.clear();
  const list = async (query = '') =>
    ((await here.client.get(`/sequences/c/outcomes${query}`).expect(200)).body as { items: object[] }).items;
  const first = { run_id, position: 0, ended_at: expect.any(String) };
  expect((await list('?status=sent,rejected,skipped')).toReversed()).toMatchObject([
    { ...first, contact_id: contacts[0], status: 'sent', reason: null },
    { ...first, contact_id: contacts[1], status: 'rejected', reason: '550 5.1.1 No such user' },
    { ...first, contact_id: contacts[2], status: 'skipped', reason: 'The contact has no e-mail address.' },
  ]);
  expect(await list(`?contact_id=${contacts[0]}&run_id=${run_id}&limit=1`)).toMatchObject([
    { position: 1, status: 'waiting', ended_at: null },
  ]);
  expect((await here.read(id)).outcomes).toMatchObject({ waiting: 3, sent: 1, rejected: 1, skipped: 1 });
  await neighbour.client.get(`/sequences/${id}/outcomes`).expect(404);
  // Its last step would be due in another test.
  await here.client.put(`/sequences/${id}/cancel`).expect(200);
});

it('a step merges the current data of each contact', async () => {
  const here = await Sequencing.begin();
  const id = await here.create({ steps: [mailStep({ email_subject: 'Hi {{contact.name | default: "there"}}' })] });
  const ann = await here.contact({ email: 'ann@guests.example', name: 'Ann' });
  await here.add(id, [{ id: ann }, { email: 'new@guests.example' }]);
  await until('both have arrived', () => mails.received.length === 2);
  const subjects = mails.received.map(({ to, headers }) => [to, headers['subject']]);
  expect(Object.fromEntries(subjects)).toEqual({ 'ann@guests.example': 'Hi Ann', 'new@guests.example': 'Hi there' });
});

it('the mail of later steps continues the thread of the first', async () => {
  const here = await Sequencing.begin();
  const id = await here.create({ steps: ['1', '2', '3'].map((email_subject) => mailStep({ email_subject })) });
  await here.add(id, [{ email: 'thread@guests.example' }]);
  await until('all have arrived', () => mails.received.length === 3);
  const [first, second, third] = ['1', '2', '3'].map(
    (subject) => mails.received.find(({ headers }) => headers['subject'] === subject)!.headers,
  );
  expect(Object.keys(first!)).not.toContain('in-reply-to');
  expect(second).toMatchObject({ 'in-reply-to': first!['message-id'], references: first!['message-id'] });
  expect(third).toMatchObject({
    'in-reply-to': second!['message-id'],
    references: `${first!['message-id']} ${second!['message-id']}`,
  });
});

it('a repeated step sends nothing twice', async () => {
  const here = await Sequencing.begin();
  const id = await here.create({ steps: [mailStep(), mailStep({ email_subject: 'Second' })] });
  const run_id = await here.add(id, [{ email: 'once@guests.example' }]);
  await until('both have been sent', () => mails.received.length === 2);
  const key = { org_id: here.org.id, run_id, batch: 0 };
  const jobs = server.app.get(Jobs);
  await inTransaction(server.database.dataSource, async (manager) => {
    for (const position of [0, 1]) await jobs.enqueue(manager, SEQUENCE_STEP, { ...key, position });
  });
  await until('they are done', async () => {
    const sql = `SELECT count(*)::int FROM pgboss.job WHERE name = $1 AND data->>'run_id' = $2 AND state = 'completed'`;
    return (await server.database.pool.query(sql, [SEQUENCE_STEP.name, run_id])).rows[0].count === 4;
  });
  const { rows } = await server.database.pool.query('SELECT subject FROM mail_messages WHERE org_id = $1 ORDER BY id', [
    here.org.id,
  ]);
  expect(rows).toEqual([{ subject: 'Welcome' }, { subject: 'Second' }]);
});

it('a canceled sequence sends nothing more, also no mail that waits for the mail server', async () => {
  const here = await Sequencing.begin();
  const whole = await here.create({ custom_id: 'whole', steps: [mailStep(), mailStep({}, 60)] });
  const other = await here.create({ steps: [mailStep({}, 60)] });
  await mails.stop();
  await here.add(whole, [{ email: 'a@guests.example' }]);
  const run = await here.add(other, [{ email: 'b@guests.example' }]);
  await here.add(other, [{ email: 'c@guests.example' }]);
  await until(
    'the first is handed over',
    async () => (await here.outcomes(whole))['a@guests.example']?.[0] === 'queued',
  );
  const cancel = async (name: string) =>
    (await here.client.put(`/sequences/${name}/cancel`).expect(200)).body as ShownSequence;
  const canceled = await cancel('whole');
  expect(canceled).toMatchObject({ id: whole, status: 'canceled', canceled_at: expect.any(String) });
  expect(await cancel(whole)).toEqual(canceled);
  expect(await cancel(run)).toMatchObject({ id: other, status: 'active', canceled_at: null });
  await cancel(run);
  await mails.start();
  await passTime();
  await until('the other run continues', () => mails.received.length === 1);
  expect(mails.recipients).toEqual(['c@guests.example']);
  const stored = `SELECT status, reason FROM mail_messages WHERE to_email = 'a@guests.example' AND org_id = $1`;
  await until('the mail has ended', async () => {
    const { rows } = await server.database.pool.query(stored, [here.org.id]);
    return rows[0].reason === 'The sequence was canceled.' && rows[0].status === 'skipped';
  });
  await until('the step has ended', async () => (await here.outcomes(whole))['a@guests.example']?.[1] === 'canceled');
  expect(await here.settled(other)).toEqual({ 'b@guests.example': ['canceled'], 'c@guests.example': ['sent'] });
  await here.client
    .post('/sequences/whole/contacts')
    .send({ contacts: [{ email: 'a@guests.example' }] })
    .expect(409);
  // A contact that was stopped before the first step can be added again.
  await here.add(other, [{ email: 'b@guests.example' }]);
  expect((await here.outcomes(other))['b@guests.example']!.sort()).toEqual(['canceled', 'waiting']);
});
