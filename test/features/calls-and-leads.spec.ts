import { beforeAll, describe, expect, it } from 'vitest';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { newAgent } from '../support/stored-keys.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

type Row = Record<string, unknown> & { readonly id: string };

const server = TestServer.forSuite();
let org: TestOrg;
let client: Client;
let neighbour: Client;

beforeAll(async () => {
  org = await server.newOrg();
  client = await server.newClient(org);
  neighbour = await server.newClient();
});

const idsOf = async (path: string, as = client) =>
  ((await as.get(path).expect(200)).body as { items: Row[] }).items.map(({ id }) => id);

describe('calls', () => {
  let agent_id: string;
  beforeAll(async () => {
    agent_id = await newAgent(server, org.id);
  });

  const record = async (fields: object = {}) => {
    const call = { agent_id, direction: 'inbound', caller: '+4930123456', ...fields };
    return (await client.post('/calls').send(call).expect(201)).body as Row;
  };

  it('are recorded with their times, and only the single call has the transcript', async () => {
    const transcript = [
      { role: 'agent', text: 'Hello, this is Acme Tours.' },
      { role: 'caller', text: 'I want to book.' },
    ];
    const made = await record({
      duration_seconds: 62,
      recording_url: 'https://recordings.example/1.mp3',
      started_at: '2026-03-15T10:30:00+01:00',
      transcript,
    });
    const call = {
      id: expect.any(String),
      agent_id,
      direction: 'inbound',
      caller: '+4930123456',
      status: 'answered',
      duration_seconds: 62,
      recording_url: 'https://recordings.example/1.mp3',
      started_at: '2026-03-15T09:30:00.000Z',
      created_at: expect.any(String),
      updated_at: expect.any(String),
    };
    expect(made).toEqual(call);
    const { items } = (await client.get('/calls').expect(200)).body as { items: Row[] };
    expect(items).toEqual([made]);
    const whole = { ...made, summary: null, tags: [], transcript };
    expect((await client.get(`/calls/${made.id}`).expect(200)).body).toEqual(whole);
  });

  it('accept a later status, summary and tags, and no other change', async () => {
    const { id } = await record();
    const change = { status: 'voicemail', summary: 'Wants to be called back.', tags: ['booking', 'vip'] };
    expect((await client.patch(`/calls/${id}`).send(change).expect(200)).body).toMatchObject(change);
    expect((await client.patch(`/calls/${id}`).send({ summary: null }).expect(200)).body).toMatchObject({
      ...change,
      summary: null,
    });
    const { body } = await client.patch(`/calls/${id}`).send({ caller: '+4930999' }).expect(400);
    expect(body).toMatchObject({ message: 'caller is not a known field' });
    await neighbour.patch(`/calls/${id}`).send(change).expect(404);
    await neighbour.delete(`/calls/${id}`).expect(404);
    await client.delete(`/calls/${id}`).expect(204);
    await client.get(`/calls/${id}`).expect(404);
  });

  it('need an agent of the org, and remain after its deletion', async () => {
    const theirs = await newAgent(server, (await server.newOrg()).id);
    for (const unknown of [UNKNOWN_ID, 'x', theirs]) {
      const call = { agent_id: unknown, direction: 'inbound', caller: '+4930123456' };
      expect((await client.post('/calls').send(call).expect(404)).body).toEqual({
        statusCode: 404,
        message: 'Agent not found',
        error: 'Not Found',
        code: 'not_found',
      });
    }
    const leaving = await newAgent(server, org.id);
    const { id } = await record({ agent_id: leaving });
    await client.delete(`/agents/${leaving}`).expect(204);
    expect((await client.get(`/calls/${id}`).expect(200)).body).toMatchObject({ id, agent_id: null });
  });

  it('can be filtered by agent, direction, status and time, in pages', async () => {
    const other = await newAgent(server, org.id);
    const at = (day: number) => ({ agent_id: other, started_at: `2025-02-0${day}T12:00:00Z` });
    const first = await record({ ...at(1), status: 'missed' });
    const second = await record({ ...at(2), direction: 'outbound' });
    const third = await record({ ...at(3), status: 'missed' });
    const list = (query: string) => idsOf(`/calls?agent_id=${other}&${query}`);
    expect(await list('')).toEqual([third.id, second.id, first.id]);
    expect(await list('status=missed')).toEqual([third.id, first.id]);
    expect(await list('direction=outbound')).toEqual([second.id]);
    expect(await list('from=2025-02-02T12:00:00Z&to=2025-02-02T12:00:00Z')).toEqual([second.id]);
    expect(await list('from=2025-02-02&to=2025-02-02')).toEqual([second.id]);
    expect(await idsOf(`/calls?agent_id=${other}`, neighbour)).toEqual([]);
    const page = (await client.get(`/calls?agent_id=${other}&status=missed&limit=1`).expect(200)).body as {
      next: string;
    };
    expect(await list(`status=missed&limit=1&cursor=${page.next}`)).toEqual([first.id]);
    await client.get('/calls?status=lost').expect(400);
    await client.get('/calls?agent_id=x').expect(400);
  });

  it('are recorded once per Idempotency-Key', async () => {
    const call = { agent_id, direction: 'inbound', caller: '+4930777' };
    const post = () => client.post('/calls').set('Idempotency-Key', 'call-1').send(call).expect(201);
    expect((await post()).body).toEqual((await post()).body);
  });

  it.each([
    [{ direction: 'sideways' }, 'direction must be one of the following values: inbound, outbound'],
    [{ caller: '0301234' }, 'caller must be a phone number in E.164 format'],
    [{ duration_seconds: -1 }, 'duration_seconds must not be less than 0'],
    [{ transcript: [{ role: 'robot', text: 'Beep' }] }, /^transcript\.0\.role must be one of/],
    [{ transcript: {} }, 'transcript must be an array'],
    [{ recording_url: 'javascript:alert(1)' }, 'recording_url must be a URL address'],
    [
      { started_at: 'yesterday' },
      'started_at must be an ISO 8601 date and time with a zone, in the years 0001 to 9999 (UTC)',
    ],
    [{ summary: 'x' }, 'summary is not a known field'],
  ])('refuse %j', async (fields, message) => {
    const call = { agent_id, direction: 'inbound', caller: '+4930123456', ...fields };
    const { body } = await client.post('/calls').send(call).expect(400);
    expect((body as { message: string }).message).toMatch(message);
  });
});

describe('leads', () => {
  const add = async (fields: object = {}, as = client) =>
    (
      await as
        .post('/leads')
        .send({ name: 'Sam', phone: '+4930123456', ...fields })
        .expect(201)
    ).body as Row;

  it('are new at first, and need a phone number or an e-mail address', async () => {
    expect(await add({ phone: undefined, email: 'Sam@Example.com', source: 'form', tags: ['spring'] })).toEqual({
      id: expect.any(String),
      name: 'Sam',
      phone: null,
      email: 'sam@example.com',
      source: 'form',
      status: 'new',
      score: null,
      tags: ['spring'],
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    for (const nothing of [{}, { phone: null }, { email: null, phone: null }]) {
      const { body } = await client
        .post('/leads')
        .send({ name: 'Sam', ...nothing })
        .expect(400);
      expect(body).toMatchObject({ message: 'phone or email is required' });
    }
  });

  it('can be updated, but always keep a phone number or an e-mail address', async () => {
    const { id } = await add();
    const change = { status: 'qualified', score: 80, tags: ['vip'], name: 'Samira', email: 'Samira@Example.com' };
    const { body } = await client
      .patch(`/leads/${id}`)
      .send({ ...change, phone: null })
      .expect(200);
    expect(body).toMatchObject({ ...change, phone: null, email: 'samira@example.com' });
    const refused = await client.patch(`/leads/${id}`).send({ email: null, score: 1 }).expect(400);
    expect(refused.body).toMatchObject({ errors: [{ field: 'phone', message: 'phone or email is required' }] });
    expect((await client.get(`/leads/${id}`).expect(200)).body).toEqual(body);
    await client.patch(`/leads/${id}`).send({ email: null, phone: '+4930777' }).expect(200);
    await neighbour.patch(`/leads/${id}`).send(change).expect(404);
    await client.delete(`/leads/${id}`).expect(204);
    await client.get(`/leads/${id}`).expect(404);
  });

  it('refuse one of two concurrent updates that would remove phone number and e-mail address', async () => {
    const { id } = await add({ email: 'sam@example.com' });
    const answers = await Promise.all(
      [{ phone: null }, { email: null }].map((change) => client.patch(`/leads/${id}`).send(change)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
  });

  it('can be filtered by status and source', async () => {
    const own = await server.newClient();
    const fromCall = await add({ source: 'call' }, own);
    const fromGoogle = await add({ source: 'google' }, own);
    await own.patch(`/leads/${fromCall.id}`).send({ status: 'contacted' }).expect(200);
    expect(await idsOf('/leads', own)).toEqual([fromGoogle.id, fromCall.id]);
    expect(await idsOf('/leads?status=contacted', own)).toEqual([fromCall.id]);
    expect(await idsOf('/leads?source=google', own)).toEqual([fromGoogle.id]);
    await own.patch(`/leads/${fromGoogle.id}`).send({ email: 'Google@Example.com', phone: '+4930999123' }).expect(200);
    expect(await idsOf('/leads?email=GOOGLE@example.com', own)).toEqual([fromGoogle.id]);
    expect(await idsOf('/leads?phone=%2B4930999123', own)).toEqual([fromGoogle.id]);
    expect(await idsOf('/leads?email=other@example.com', own)).toEqual([]);
    await own.get('/leads?status=lost').expect(400);
  });

  it.each([
    [{ score: 101 }, 'score must not be greater than 100'],
    [{ status: 'lost' }, /^status must be one of/],
    [{ source: 'radio' }, /^source must be one of/],
    [{ email: 'sam' }, 'email must be an email'],
    [{ tags: Array.from({ length: 21 }, (_, index) => `t${index}`) }, 'tags must contain no more than 20 elements'],
  ])('refuse %j', async (fields, message) => {
    const { body } = await client
      .post('/leads')
      .send({ name: 'Sam', phone: '+4930123456', ...fields })
      .expect(400);
    expect((body as { message: string }).message).toMatch(message);
  });
});
