import { beforeAll, describe, expect, it } from 'vitest';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const server = TestServer.forSuite();
let org: TestOrg;
let client: Client;
let neighbour: Client;

beforeAll(async () => {
  org = await server.newOrg();
  client = await server.newClient(org);
  neighbour = await server.newClient();
});

describe('office hours', () => {
  const WEEK = [{ day_of_week: 'monday_to_friday', start_time: '09:00:00', end_time: '17:00:00' }];
  const WEEKEND = [{ day_of_week: 'saturday_to_sunday', start_time: '10:00:00', end_time: '24:00:00' }];

  interface Schedule {
    readonly id: string;
    readonly shifts: { readonly id: string }[];
  }
  async function newSchedule(fields: object = {}): Promise<Schedule> {
    const schedule = { name: 'Main', iana_timezone: 'Europe/Berlin', shifts: WEEK, ...fields };
    return (await client.post('/office-hours').send(schedule).expect(201)).body as Schedule;
  }

  it('have shifts with ids, which an update replaces as a whole', async () => {
    const made = await newSchedule();
    expect(made).toMatchObject({ name: 'Main', iana_timezone: 'Europe/Berlin', shifts: WEEK });
    expect(made.shifts[0]).toEqual({
      ...WEEK[0],
      id: expect.any(String),
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect((await client.patch(`/office-hours/${made.id}`).send({ name: 'Renamed' }).expect(200)).body).toMatchObject({
      name: 'Renamed',
      shifts: made.shifts,
    });
    const { body } = await client.patch(`/office-hours/${made.id}`).send({ shifts: WEEKEND }).expect(200);
    expect(body).toMatchObject({ name: 'Renamed', shifts: WEEKEND });
    expect((body as Schedule).shifts[0]!.id).not.toBe(made.shifts[0]!.id);
    await client.delete(`/office-hours/${made.id}`).expect(204);
    expect((await client.get(`/office-hours/${made.id}`).expect(404)).body).toMatchObject({
      message: 'Schedule not found',
    });
  });

  it.each([
    [{ iana_timezone: 'Mars/Olympus' }, 'iana_timezone must be an IANA time zone'],
    [{ shifts: [] }, 'shifts must contain at least 1 elements'],
    [{ shifts: [{ ...WEEK[0], end_time: '09:00:00' }] }, 'shifts.0.end_time must be later than start_time'],
    [{ shifts: [{ ...WEEK[0], end_time: '24:00:01' }] }, 'shifts.0.end_time must be a time of day, HH:MM:SS'],
    [{ shifts: [{ ...WEEK[0], start_time: '9:00' }] }, 'shifts.0.start_time must be a time of day, HH:MM:SS'],
    [{ shifts: [{ ...WEEK[0], id: UNKNOWN_ID }] }, 'shifts.0.id is not a known field'],
    [{ shifts: [null] }, 'shifts'],
    [{ shifts: 'x' }, 'shifts must be an array'],
  ])('refuse %j', async (fields, message) => {
    const { id } = await newSchedule();
    const { body } = await client.patch(`/office-hours/${id}`).send(fields).expect(400);
    expect((body as { message: string }).message).toContain(message);
  });

  it('tell whether they are open, now or at a given time, in their time zone', async () => {
    const { id } = await newSchedule();
    const statusAt = async (at: string) =>
      (await client.get(`/office-hours/${id}/status`).query({ at }).expect(200)).body as object;
    expect(await statusAt('2026-03-27T15:59:59.999Z')).toEqual({
      is_open: true,
      next_change_at: '2026-03-27T16:00:00.000Z',
    });
    expect(await statusAt('2026-03-27T17:00:00+01:00')).toEqual({
      is_open: false,
      next_change_at: '2026-03-30T07:00:00.000Z',
    });
    expect((await client.get(`/office-hours/${id}/status`).expect(200)).body).toEqual({
      is_open: expect.any(Boolean),
      next_change_at: expect.any(String),
    });
    await client.get(`/office-hours/${id}/status`).query({ at: 'noon' }).expect(400);
    await client.get(`/office-hours/${id}/status`).query({ zone: 'UTC' }).expect(400);
    await neighbour.get(`/office-hours/${id}/status`).expect(404);
  });
});

describe('/org', () => {
  it('is the org of the key, without fields for its partner', async () => {
    const { body } = await client.get('/org').expect(200);
    expect(body).toEqual({
      id: org.id,
      name: 'Acme Tours',
      external_id: null,
      website: null,
      language: 'en',
      ai_instructions: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  it('can be updated by its own keys only, with an audit entry', async () => {
    const theirs = (await neighbour.get('/org')).body as object;
    const { id, key } = await server.newOrgKey(org, { name: 'Settings', scopes: ['org:write'] });
    const { body } = await server
      .as(key)
      .patch('/org')
      .send({ name: 'Acme', website: 'https://acme.example' })
      .expect(200);
    expect(body).toMatchObject({ id: org.id, name: 'Acme', website: 'https://acme.example', language: 'en' });
    expect((await client.patch('/org').send({ website: null }).expect(200)).body).toMatchObject({
      name: 'Acme',
      website: null,
    });
    expect((await neighbour.get('/org')).body).toEqual(theirs);
    const { rows } = await server.database.pool.query(
      `SELECT actor_id, changes FROM audit_entries WHERE org_id = $1 AND action = 'org.updated' ORDER BY sequence`,
      [org.id],
    );
    expect(rows[0]).toEqual({
      actor_id: id,
      changes: {
        name: { before: 'Acme Tours', after: 'Acme' },
        website: { before: null, after: 'https://acme.example' },
      },
    });
    for (const refused of [
      { id: UNKNOWN_ID },
      { partner_id: null },
      { external_id: 'x' },
      { name: '' },
      { name: null },
    ]) {
      await client.patch('/org').send(refused).expect(400);
    }
  });
});

describe('the blocklist of contacts', () => {
  it('blocks by address, creates unknown contacts, and is idempotent', async () => {
    const first = (
      await client.post('/blocklist/contacts').send({ email: 'Spam@Example.com', reason: 'spam' }).expect(200)
    ).body as {
      id: string;
      contact_id: string;
    };
    expect(first).toEqual({
      id: expect.any(String),
      contact_id: expect.any(String),
      email: 'spam@example.com',
      name: null,
      phone_number: null,
      reason: 'spam',
      created_at: expect.any(String),
    });
    await client.get(`/contacts/${first.contact_id}`).expect(200);
    const again = await client
      .post('/blocklist/contacts')
      .send({ email: 'spam@example.com', reason: 'other' })
      .expect(200);
    expect(again.body).toEqual(first);
    const { items } = (await client.get('/blocklist/contacts').expect(200)).body as { items: object[] };
    expect(items).toEqual([first]);
    expect((await neighbour.get('/blocklist/contacts').expect(200)).body).toEqual({ items: [], next: null });
    await neighbour.delete(`/blocklist/contacts/${first.id}`).expect(404);
    await client.delete(`/blocklist/contacts/${first.id}`).expect(204);
    await client.get(`/contacts/${first.contact_id}`).expect(200);
  });

  it('blocks an existing contact once by concurrent requests', async () => {
    const { body } = await client.post('/contacts').send({ contact: { email: 'known@example.com', name: 'Known' } });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => client.post('/blocklist/contacts').send({ email: 'KNOWN@example.com' })),
    );
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(answers[0]!.body).toMatchObject({ contact_id: (body as { id: string }).id, name: 'Known' });
  });

  it('keeps the block of a deleted contact, which holds for a new one with an address of it', async () => {
    const contact = { email: 'leaving@example.com', phone: '+4930555001' };
    await client.post('/contacts').send({ contact }).expect(201);
    const { body } = await client.post('/blocklist/contacts').send({ email: contact.email }).expect(200);
    const { id, contact_id } = body as { id: string; contact_id: string };
    await client.delete(`/contacts/${contact_id}`).expect(204);
    const shown = async () => (await client.get('/blocklist/contacts?limit=1').expect(200)).body.items[0] as object;
    expect(await shown()).toEqual({ ...body, contact_id: null });
    for (const address of [{ email: contact.email }, { phone: contact.phone }]) {
      const again = await client
        .post('/contacts')
        .send({ contact: { ...address, name: 'Again' } })
        .expect(201);
      expect(await shown()).toMatchObject({ id, contact_id: again.body.id, name: 'Again', email: contact.email });
      const session = await client.post('/chat/sessions').send({ contact_id: again.body.id }).expect(201);
      const sent = await client
        .post(`/chat/sessions/${session.body.id}/send`)
        .send({ sender: 'contact', message: { type: 'text', text: 'Hello' } })
        .expect(200);
      expect(sent.body.data.code).toBe('response_cancelled');
      await client.delete(`/contacts/${again.body.id}`).expect(204);
    }
    await client.delete(`/blocklist/contacts/${id}`).expect(204);
  });
});

describe('the blocklist of domains', () => {
  const block = (body: object) => client.post('/blocklist/domains').send(body);

  it('accepts several domains, and reports those that it had', async () => {
    const { body } = await block({
      domains: ' One.example.com,two.example.com, one.example.com',
      reason: 'spam',
    }).expect(200);
    expect(body).toEqual({
      blocked: ['one.example.com', 'two.example.com'].map((domain) => ({
        id: expect.any(String),
        domain,
        reason: 'spam',
        created_at: expect.any(String),
      })),
      skipped: [],
      summary: { total: 2, blocked: 2, skipped: 0 },
    });
    expect((await block({ domains: 'three.example.com,TWO.example.com' }).expect(200)).body).toMatchObject({
      blocked: [{ domain: 'three.example.com', reason: null }],
      skipped: ['two.example.com'],
      summary: { total: 2, blocked: 1, skipped: 1 },
    });
    expect((await block({ domains: 'two.example.com' }).expect(200)).body).toMatchObject({
      blocked: [],
      skipped: ['two.example.com'],
    });
  });

  it('saves none if one is invalid', async () => {
    const { body } = await block({ domains: 'good.example.com,bad' }).expect(400);
    expect(body).toMatchObject({ errors: [{ field: 'domains', message: 'domains contains invalid domains: "bad"' }] });
    await block({ domains: '' }).expect(400);
    await block({ domains: ['list.example.com'] }).expect(400);
    const { items } = (await client.get('/blocklist/domains')).body as { items: { domain: string }[] };
    expect(items.filter(({ domain }) => domain.startsWith('good') || domain.startsWith('list'))).toEqual([]);
  });

  it('accepts the same domains in different orders concurrently', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `d${index}.example.net`);
    const answers = await Promise.all(
      [names, names.toReversed(), names, names.toReversed()].map((list) => block({ domains: list.join() })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const blocked = answers.flatMap(({ body }) =>
      (body as { blocked: { domain: string }[] }).blocked.map(({ domain }) => domain),
    );
    expect(blocked.sort()).toEqual(names.sort());
  });

  it('deletes a domain by its id', async () => {
    const { body } = await block({ domains: 'once.example.com' }).expect(200);
    const { id } = (body as { blocked: [{ id: string }] }).blocked[0];
    await neighbour.delete(`/blocklist/domains/${id}`).expect(404);
    await client.delete(`/blocklist/domains/${id}`).expect(204);
    expect((await client.delete(`/blocklist/domains/${id}`).expect(404)).body).toMatchObject({
      message: 'Blocked domain not found',
    });
  });
});
