import { describe, expect, it } from 'vitest';
import { FILE_SWEEP } from '../../src/kit/files/file-sweep.service.js';
import { Jobs } from '../../src/core/jobs/jobs.service.js';
import { Conversations } from '../support/conversations.js';
import { TestServer, type TestOrg } from '../support/start-app.js';
import { until } from '../support/until.js';

const KEYS = 3;
const MEMBERS = 4;
const DATASOURCES = 2;
const ORGS = 3;
const MEGABYTE = 1024 * 1024;
const TEXT = 100_000;
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

const server = TestServer.forSuite({
  LIMIT_ACTIVE_KEYS_PER_ORG: String(KEYS),
  LIMIT_MEMBERS_PER_ORG: String(MEMBERS),
  LIMIT_DATASOURCES_PER_ORG: String(DATASOURCES),
  LIMIT_ORGS_PER_PARTNER: String(ORGS),
  LIMIT_STORAGE_MB_PER_ORG: '1',
});

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Asserts that of concurrent creates exactly `room` succeed, and the others get the error. */
async function expectRoomFor(room: number, full: object, create: (index: number) => PromiseLike<Answer>) {
  const answers = await Promise.all(Array.from({ length: room + 5 }, (_, index) => create(index)));
  const refused = answers.filter(({ status }) => status === 409);
  expect(answers.filter(({ status }) => status < 300)).toHaveLength(room);
  expect(refused).toHaveLength(5);
  for (const { body } of refused) expect(body).toEqual(full);
}

function limitReached(max: number, what: string) {
  return { statusCode: 409, message: `The limit of ${max} ${what} is reached.`, code: 'limit_reached' };
}

it('the limit of active keys per org holds for concurrent requests, and ignores inactive keys', async () => {
  const org = await server.newOrg();
  const path = `/partner/v1/orgs/${org.id}/api-keys`;
  const reached = limitReached(KEYS, 'active API keys');
  const partner = server.as(org.partner.key);
  await expectRoomFor(KEYS, reached, () => partner.post(path).send({}));
  const [key] = ((await partner.get(path).expect(200)).body as { data: { api_key_id: string }[] }).data;
  const full = await server
    .signedIn(await server.newSession(org))
    .post('/manage/v1/api-keys')
    .send({
      name: 'One more',
      kind: 'bearer',
      access: 'full',
    });
  expect(full.body).toEqual(reached);
  await partner.delete(`${path}/${key!.api_key_id}`).expect(204);
  const expires_at = new Date(Date.now() + 1_000).toISOString();
  await partner.post(path).send({ expires_at }).expect(201);
  await partner.post(path).send({}).expect(409);
  await until('the key has expired', async () => (await partner.post(path).send({})).status === 201);
  await server.newOrgKey(await server.newOrg());
});

it('the limit of members per org holds, and a refused login link can be used later', async () => {
  const org = await server.newOrg();
  const owner = server.signedIn(await server.newSession(org));
  const roles = (await server.as(org.partner.key).get(`/partner/v1/orgs/${org.id}/roles`)).body.data as {
    id: string;
    name: string;
  }[];
  const role_id = roles.find(({ name }) => name === 'Member')!.id;
  const reached = limitReached(MEMBERS, 'members of an organization');
  await expectRoomFor(MEMBERS - 1, reached, (index) =>
    owner.post('/manage/v1/members').send({ email: `person${index}@acmetours.example`, role_id }),
  );
  const link = await server.as(org.partner.key).post(`/partner/v1/orgs/${org.id}/login-links`).send({
    email: 'late@acmetours.example',
  });
  const token = new URL((link.body as { url: string }).url).searchParams.get('token');
  const signIn = () => server.http.post('/session/login-link').send({ token });
  expect((await signIn()).body).toEqual(reached);
  const { items } = (await owner.get('/manage/v1/members').expect(200)).body as { items: Record<string, string>[] };
  const { user_id } = items.find(({ email }) => email!.startsWith('person'))!;
  await owner.delete(`/manage/v1/members/${user_id}`).expect(204);
  await signIn().expect(200);
});

it('the limit of orgs per partner holds, and ignores archived orgs', async () => {
  const partner = await server.newPartner();
  const client = server.as(partner.key);
  const create = () => client.post('/partner/v1/orgs').send({ name: 'Acme Tours' });
  await expectRoomFor(ORGS, limitReached(ORGS, 'organizations of a partner'), create);
  const { data } = (await client.get('/partner/v1/orgs').expect(200)).body as { data: { id: string }[] };
  await client.delete(`/partner/v1/orgs/${data[0]!.id}`).expect(204);
  await create().expect(201);
  await server.newOrg();
});

it('the limit of datasources per org holds', async () => {
  const { client } = await Conversations.of(server);
  await expectRoomFor(DATASOURCES, limitReached(DATASOURCES, 'datasources'), (index) =>
    client.post('/crawl').send({ url: `https://www.example.com/${index}`, auto_start_crawl: false }),
  );
});

describe('the stored files of an org', () => {
  const FULL = { statusCode: 409, message: 'The limit of 1 MB of stored files is reached.', code: 'storage_full' };
  const picture = (bytes: number) => Buffer.concat([PNG], bytes);

  async function newClient(org?: TestOrg) {
    const owner = org ?? (await server.newOrg());
    const client = await server.newClient(owner);
    const upload = (bytes: number) =>
      client.post('/media/upload').attach('file', picture(bytes), { filename: 'a.png', contentType: 'image/png' });
    return { org: owner, client, upload };
  }

  async function stored({ id }: TestOrg): Promise<object> {
    const sql = `SELECT (SELECT bytes::int FROM org_storage WHERE org_id = $1) AS total,
      (SELECT coalesce(sum(bytes), 0)::int FROM freed_storage WHERE org_id = $1) AS freed`;
    return (await server.database.pool.query(sql, [id])).rows[0] as object;
  }

  it('never exceed the limit by concurrent uploads, and exclude those of other orgs', async () => {
    const { org, upload } = await newClient();
    await expectRoomFor(4, FULL, () => upload(MEGABYTE / 4));
    expect(await stored(org)).toEqual({ total: MEGABYTE, freed: 0 });
    expect((await upload(PNG.length)).body).toEqual(FULL);
    const { upload: uploadElsewhere } = await newClient();
    await uploadElsewhere(MEGABYTE / 4).expect(201);
  });

  it('include attachments and knowledge base texts, and deletion frees space at once', async () => {
    const { org, client, upload } = await newClient();
    await upload(MEGABYTE / 2).expect(201);
    const { body: session } = await client.post('/chat/sessions').send({}).expect(201);
    const attachment = { name: 'a.png', base64: picture(MEGABYTE / 4).toString('base64'), mime_type: 'image/png' };
    const message = { message: { type: 'text', text: 'Look', attachments: [attachment] }, sender: 'contact' };
    const say = () => client.post(`/chat/sessions/${(session as { id: string }).id}/send`).send(message);
    await say().expect(200);
    const { body: base } = await client.post('/knowledge-bases').send({ name: 'Docs' }).expect(201);
    const documents = `/knowledge-bases/${(base as { id: string }).id}/documents`;
    const text = { title: 'All of it', content: 'x'.repeat(TEXT) };
    const { body: document } = await client.post(documents).send(text).expect(201);
    await upload(MEGABYTE / 4 - TEXT).expect(201);
    expect(await stored(org)).toEqual({ total: MEGABYTE, freed: 0 });
    for (const answer of [await upload(100), await say(), await client.post(documents).send(text)]) {
      expect({ status: answer.status, body: answer.body as object }).toEqual({ status: 409, body: FULL });
    }
    await client.delete(`${documents}/${(document as { id: string }).id}`).expect(204);
    await upload(TEXT / 2).expect(201);
    await server.app.get(Jobs).enqueueScheduled(server.database.dataSource.manager, FILE_SWEEP);
    const isSettled = async () => ((await stored(org)) as { freed: number }).freed === 0;
    await until('the freed bytes are subtracted', isSettled, { everyMs: 50 });
    expect(await stored(org)).toEqual({ total: MEGABYTE - TEXT / 2, freed: 0 });
  });
});
