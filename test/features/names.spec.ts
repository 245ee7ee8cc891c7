import { beforeAll, expect, it } from 'vitest';
import { newAgentKey } from '../support/agent-key.js';
import { gatehouse } from '../support/gatehouse.js';
import { Conversations } from '../support/conversations.js';
import { type TestOrg, TestServer } from '../support/start-app.js';

const DECOMPOSED = 'Cafe\u0301';

const server = TestServer.forSuite();
let here: Conversations;
let org: TestOrg;
beforeAll(async () => {
  here = await Conversations.of(server);
  org = here.org;
});

it('a tag is the same in every spelling of its name: with blanks, composed or decomposed', async () => {
  const put = (tag_name: string) => here.client.put('/tags').send({ tag_name }).expect(200);
  for (const name of [` ${DECOMPOSED}\n`, 'Café']) expect((await put(name)).body).toMatchObject({ tag_name: 'Café' });
  expect(await here.items('/tags')).toMatchObject([{ tag_name: 'Café' }]);
  const session = await here.start();
  const path = encodeURIComponent(DECOMPOSED);
  const { body } = await here.client.put(`/chat/sessions/${session}/tags/${path}`).expect(200);
  expect(JSON.stringify(body)).toContain('"Café"');
  await here.client.delete(`/chat/sessions/${session}/tags/${path}`).expect(204);
  await here.client.delete(`/tags/${path}`).expect(204);
  expect(await here.items('/tags')).toEqual([]);
});

it('names are stored trimmed and in NFC, and an optional one without a visible character is null', async () => {
  const post = async (path: string, body: object) => (await here.client.post(path).send(body).expect(201)).body;
  expect(await post('/leads', { name: ` ${DECOMPOSED} `, email: 'a@b.example' })).toMatchObject({ name: 'Café' });
  const { id } = (await post('/contacts', { contact: { email: 'a@b.example', name: '\u200b' } })) as { id: string };
  const contact = async () => (await here.client.get(`/contacts/${id}`).expect(200)).body as { name: string | null };
  expect(await contact()).toMatchObject({ name: null });
  await here.client
    .patch(`/contacts/${id}`)
    .send({ contact: { name: ` ${DECOMPOSED}` } })
    .expect(200);
  expect(await contact()).toMatchObject({ name: 'Café' });
});

it.each(['.', '..'])('a name that is part of a path is never %j', async (segment) => {
  const sequence = { custom_id: segment, filter: null, steps: [] };
  const partner = server.as(org.partner.key);
  const agent = await newAgentKey(server, org);
  const contact = { email: 'a@b.example', external_reference_id: segment };
  for (const refused of [
    here.client.put('/tags').send({ tag_name: segment }),
    here.client.post('/sequences').send(sequence),
    partner.post('/partner/v1/orgs').send({ name: 'Acme', external_id: segment }),
    agent.client.post(`/v1/open/contacts/chatbots/${agent.id}`).send(contact),
  ]) {
    const { body } = await refused.expect(400);
    expect(JSON.stringify(body)).toContain('must not be \\".\\" or \\"..\\"');
  }
});

it.each([' ', '\u200b'])('the command line refuses the name %j', async (name) => {
  const settings = { DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY: `${'A'.repeat(43)}=` };
  for (const what of ['partner', 'org']) {
    const { code, stderr } = await gatehouse(settings, what, 'create', '--name', name);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('name must be') });
  }
});
