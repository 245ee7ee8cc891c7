import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { rolesOf } from '../support/login-links.js';
import { signedInAs } from '../support/manage.js';
import { SqlCount } from '../support/sql-count.js';
import { TestServer, type TestPartner } from '../support/start-app.js';
import { until } from '../support/until.js';

const server = TestServer.forSuite();
let partner: TestPartner;
beforeAll(async () => {
  partner = await server.newPartner();
});

const createOrg = (key: string, body: object, as = partner) =>
  server.as(as.key).post('/partner/v1/orgs').set('Idempotency-Key', key).send(body);

const orgCount = async (name: string) => {
  const { rows } = await server.database.query('SELECT count(*)::int AS count FROM orgs WHERE name = $1', [name]);
  return rows[0]!.count;
};

it('a repeated request gets the first answer, and has one effect', async () => {
  const first = await createOrg('once', { name: 'Once' }).expect(201);
  const again = await createOrg('once', { name: 'Once' }).expect(201);
  expect(again.body).toEqual(first.body);
  expect(await orgCount('Once')).toBe(1);
});

it('concurrent requests with one key have one effect', async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => createOrg('rush', { name: 'Rush' })));
  expect(
    [...new Set(answers.map(({ status }) => status))].filter((status) => status !== 201 && status !== 409),
  ).toEqual([]);
  const ids = answers.filter(({ status }) => status === 201).map(({ body }) => (body as { id: string }).id);
  expect(new Set(ids).size).toBe(1);
  expect(await orgCount('Rush')).toBe(1);
});

it('another body with the same key is 422, and has no effect', async () => {
  await createOrg('body', { name: 'Body' }).expect(201);
  await createOrg('body', { name: 'Other body' }).expect(422, {
    statusCode: 422,
    message: 'This Idempotency-Key was already used with another body. Use a new key.',
    code: 'idempotency_key_reused',
  });
  expect(await orgCount('Other body')).toBe(0);
});

it('a body is the same with other whitespace and another order of fields', async () => {
  const send = (body: string) =>
    server
      .as(partner.key)
      .post('/partner/v1/orgs')
      .set({ 'Idempotency-Key': 'order', 'Content-Type': 'application/json' })
      .send(body);
  const first = await send('{"name":"Order","language":"de","website":"https://acme.example"}').expect(201);
  const again = await send('{ "website": "https:\\u002f/acme.example",\n "name":"Order", "language":"de" }').expect(
    201,
  );
  expect(again.body).toEqual(first.body);
  await send('{"name":"Order","language":"de","website":"https://acme.example","external_id":"1"}').expect(422);
});

it('a key works on a route without a body, whatever body is sent', async () => {
  const org = await server.newOrg(partner);
  const client = server.as((await server.newOrgKey(org)).key);
  const { body: datasource } = await client
    .post('/crawl')
    .send({ url: 'https://docs.example.com', auto_start_crawl: false })
    .expect(201);
  const start = () =>
    client.post(`/crawl/${datasource.id}/crawls`).set('Idempotency-Key', 'start').send({}).expect(202);
  const first = await start();
  expect((await start()).body).toEqual(first.body);
});

it('keys work for agents, members, API keys and rotations that members create', async () => {
  const org = await server.newOrg(partner);
  const admin = await signedInAs(server, org, 'Owner');
  const { Member } = await rolesOf(server, org);
  const twice = async (path: string, body: object, status: number) => {
    const send = () => admin.post(`/manage/v1/${path}`).set('Idempotency-Key', 'once').send(body).expect(status);
    const first = (await send()).body;
    expect((await send()).body).toEqual(first);
    await admin
      .post(`/manage/v1/${path}`)
      .set('Idempotency-Key', 'once')
      .send({ ...body, name: 'Other' })
      .expect(path.endsWith('rotate') ? 400 : 422);
    return first;
  };
  await twice('agents', { name: 'Receptionist' }, 201);
  await twice('members', { email: 'grace@acmetours.example', role_id: Member }, 201);
  const key = await twice('api-keys', { name: 'Production', scopes: ['contacts:read'] }, 201);
  const rotated = await twice(`api-keys/${key.id}/rotate`, { grace_seconds: 0 }, 200);
  await server.as(key.api_key).get('/whoami').expect(401);
  await server.as(rotated.api_key).get('/whoami').expect(200);
  const counts = await Promise.all(
    ['agents', 'members', 'api-keys'].map(
      async (path) => (await admin.get(`/manage/v1/${path}`).expect(200)).body.items.length,
    ),
  );
  expect(counts).toEqual([1, 2, 1]);
});

it('a refused request can be repeated with its key', async () => {
  await server.as(partner.key).post('/partner/v1/orgs').send({ name: 'Holder', external_id: 'held' }).expect(201);
  await createOrg('refused', { name: 'Refused', external_id: 'held' }).expect(409);
  await createOrg('refused', { name: 'Refused', external_id: 'free' }).expect(201);
});

it('keys are separate for each credential', async () => {
  const other = await server.newPartner();
  const mine = await createOrg('shared', { name: 'Shared' }).expect(201);
  const theirs = await createOrg('shared', { name: 'Shared' }, other).expect(201);
  expect((theirs.body as { id: string }).id).not.toBe((mine.body as { id: string }).id);
});

it('keys are separate for each path', async () => {
  const { key } = await server.newOrgKey(await server.newOrg(partner));
  const create = (path: string) =>
    server.as(key).post(path).set('Idempotency-Key', 'path').send({ name: 'Support' }).expect(201);
  const [team, base] = [await create('/teams'), await create('/knowledge-bases')];
  expect(base.body.id).not.toBe(team.body.id);
  expect((await create('/teams')).body).toEqual(team.body);
  expect((await create('/knowledge-bases')).body).toEqual(base.body);
});

it('an answer is remembered for 24 hours', async () => {
  const age = (by: string) =>
    server.database.query('UPDATE idempotency_records SET created_at = created_at - $1::interval', [by]);
  const first = await createOrg('day', { name: 'Day' }).expect(201);
  await age('23 hours 50 minutes');
  expect((await createOrg('day', { name: 'Day' }).expect(201)).body).toEqual(first.body);
  await age('11 minutes');
  const second = await createOrg('day', { name: 'Day' }).expect(201);
  expect(second.body.id).not.toBe(first.body.id);
  expect((await createOrg('day', { name: 'Day' }).expect(201)).body).toEqual(second.body);
});

it('an answer is repeated only once the change is in effect in every process', async () => {
  const { key } = await server.newOrgKey(await server.newOrg(partner));
  const create = () => server.as(key).post('/teams').set('Idempotency-Key', 'force').send({ name: 'Support' });
  const first = await create().expect(201);
  // A registered process that has not acknowledged the change.
  const lease = randomUUID();
  await server.owner.query("INSERT INTO access_lease (id, acked, instance) VALUES ($1, -1, 'slow')", [lease]);
  const sql = SqlCount.start();
  const sent = sql.during(async () => expect((await create().expect(201)).body).toEqual(first.body));
  await sent.finally(() => sql.stop());
  const polls = (await sent).filter((text) => text.startsWith('select id from access_lease'));
  expect(polls.length).toBeGreaterThan(0);
  await until('the lease is removed', async () => {
    const { rowCount } = await server.owner.query('SELECT FROM access_lease WHERE id = $1', [lease]);
    return rowCount === 0;
  });
});

it('a new API key is returned again, and is encrypted at rest', async () => {
  const org = await server.newOrg(partner);
  const create = () =>
    server.as(partner.key).post(`/partner/v1/orgs/${org.id}/api-keys`).set('Idempotency-Key', 'key').send({});
  const first = await create().expect(201);
  expect((await create().expect(201)).body).toEqual(first.body);
  const { rows } = await server.database.query("SELECT encode(answer, 'escape') AS answer FROM idempotency_records");
  expect(rows.filter(({ answer }) => String(answer).includes('eyJ'))).toEqual([]);
});

it('a key that is empty, too long or unprintable is refused', async () => {
  for (const key of ['', 'x'.repeat(256), 'a b']) await createOrg(key, { name: 'Bad key' }).expect(400);
  expect(await orgCount('Bad key')).toBe(0);
});

it('keys work for rows that an org creates, and a refused one stores nothing', async () => {
  const { key } = await server.newOrgKey(await server.newOrg(partner));
  const create = (email: string) =>
    server.as(key).post('/contacts').set('Idempotency-Key', email).send({ contact: { email } });
  const first = await create('ada@example.com').expect(201);
  expect((await create('ada@example.com').expect(201)).body).toEqual(first.body);
  const team = { name: 'Support' };
  await server.as(key).post('/teams').set('Idempotency-Key', 'team').send(team).expect(201);
  await server.as(key).post('/teams').set('Idempotency-Key', 'another').send(team).expect(409);
  const { body } = await server.as(key).get('/teams').expect(200);
  expect((body as { items: unknown[] }).items).toHaveLength(1);
});
