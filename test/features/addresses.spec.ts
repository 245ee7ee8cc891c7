import { beforeEach, expect, it } from 'vitest';
import { checkAddresses } from '../../src/programs/cli/stored-addresses.js';
import { type AgentClient, newAgentKey } from '../support/agent-key.js';
import { rolesOf } from '../support/login-links.js';
import { type Signed, signedInAs } from '../support/manage.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';

const CANONICAL = 'sam@xn--mnchen-3ya.example.com';
const SPELLINGS = [
  CANONICAL,
  'Sam@München.Example.com',
  'SAM@XN--MNCHEN-3YA.EXAMPLE.COM',
  'sam@münchen.example.com.',
  '"sam"@mu\u0308nchen。example.com',
];

const server = TestServer.forSuite();
let org: TestOrg;
let client: Client;
let owner: Signed;
beforeEach(async () => {
  org = await server.newOrg();
  client = await server.newClient(org);
  owner = await signedInAs(server, org, 'Owner');
});

const idOf = (body: unknown) => (body as { id: string }).id;

it('every spelling of an e-mail address finds the same contact', async () => {
  const contact = (email: string) => client.post('/contacts').send({ contact: { email } });
  const id = idOf((await contact(SPELLINGS[1]!).expect(201)).body);
  expect((await client.get(`/contacts/${id}`).expect(200)).body).toMatchObject({ email: CANONICAL });
  for (const email of SPELLINGS) {
    await contact(email).expect(409);
    const { body } = await client.get('/contacts').query({ email }).expect(200);
    expect(body).toMatchObject({ items: [{ id, email: CANONICAL }], next: null });
  }
});

it('every spelling of an e-mail address blocks the same contact', async () => {
  const ids = new Set<string>();
  for (const email of SPELLINGS) {
    const { body } = await client.post('/blocklist/contacts').send({ email }).expect(200);
    expect(body).toMatchObject({ email: CANONICAL });
    ids.add(idOf(body));
  }
  expect(ids.size).toBe(1);
});

it('every spelling of an e-mail address is the same member', async () => {
  const roles = await rolesOf(server, org);
  const add = (email: string) => owner.post('/manage/v1/members').send({ email, role_id: roles.Member });
  const { body } = await add(SPELLINGS[1]!).expect(201);
  expect(body).toMatchObject({ email: CANONICAL });
  for (const email of SPELLINGS) {
    await add(email).expect(409);
    const session = server.signedIn(await server.newSession(org, email));
    const { user } = (await session.get('/session').expect(200)).body as { user: object };
    expect(user).toMatchObject({ id: (body as { user_id: string }).user_id, email: CANONICAL });
  }
});

it('every spelling of a domain is the same blocked domain and the same sender domain', async () => {
  const domains = SPELLINGS.map((address) => address.slice(address.indexOf('@') + 1));
  const names = new Set<string>();
  for (const [index, domain] of domains.entries()) {
    const { body } = await client.post('/blocklist/domains').send({ domains: domain }).expect(200);
    expect(body).toMatchObject({ summary: index === 0 ? { blocked: 1 } : { skipped: 1 } });
    const claimed = (await client.put('/email/domains').send({ domain_name: domain }).expect(200)).body;
    names.add((claimed as { domain_name: string }).domain_name);
    await client.patch(`/email/domains/${encodeURIComponent(domain)}`).expect(200);
  }
  expect([...names]).toEqual(['xn--mnchen-3ya.example.com']);
});

it.each(SPELLINGS)('%s is stored and returned in its canonical spelling', async (email) => {
  const lead = (await client.post('/leads').send({ name: 'Sam', email }).expect(201)).body as object;
  expect(lead).toMatchObject({ email: CANONICAL });
  const { client: agent, id } = await newAgentKey(server, org);
  const at = `/v1/open/contacts/chatbots/${id}`;
  expect((await agent.post(at).send({ email }).expect(201)).body).toMatchObject({ data: { email: CANONICAL } });
  for (const search of SPELLINGS) expect(await found(agent, at, search)).toEqual([CANONICAL]);
  expect(await found(agent, at, 'münchen.example.com')).toEqual([CANONICAL]);
  const custom_domain = email.slice(email.indexOf('@') + 1);
  const center = { name: 'Help', primary_language: 'en', custom_domain };
  expect((await client.put('/help-center').send(center)).body).toMatchObject({
    custom_domain: 'xn--mnchen-3ya.example.com',
  });
  // A domain belongs to one org, and each spelling has an org of its own.
  await client
    .put('/help-center')
    .send({ ...center, custom_domain: null })
    .expect(200);
  const filter = { or: [{ and: [{ type: 'contacts_email_domain_name_in', domain_name_in: [custom_domain] }] }] };
  const sequence = idOf(
    (
      await client
        .post('/sequences')
        .send({ filter, steps: [step(email)] })
        .expect(201)
    ).body,
  );
  const stored = JSON.stringify((await client.get(`/sequences/${sequence}`).expect(200)).body);
  expect(stored).toContain('"domain_name_in":["xn--mnchen-3ya.example.com"]');
  expect(stored).toContain(`"from_email":"${CANONICAL}"`);
});

async function found(agent: AgentClient, at: string, search: string): Promise<string[]> {
  const { body } = await agent.get(at).query({ search }).expect(200);
  return (body as { data: { email: string }[] }).data.map(({ email }) => email);
}

function step(from_email: string): object {
  const data = { from_email, email_subject: 'Hi', email_body: 'Hi', email_sender_name: 'Acme' };
  return { action: { type: 'send_emails', data: { ...data, email_is_transactional: false } } };
}

it('a domain with invalid Punycode is 400', async () => {
  await client
    .post('/contacts')
    .send({ contact: { email: 'sam@xn--a.example' } })
    .expect(400);
  await client.put('/email/domains').send({ domain_name: 'xn--a.example' }).expect(400);
  await client.post('/blocklist/domains').send({ domains: 'xn--a.example' }).expect(400);
});

it('the doctor lists stored addresses that are not canonical', async () => {
  const id = idOf(
    (
      await client
        .post('/contacts')
        .send({ contact: { phone: '+4930123456' } })
        .expect(201)
    ).body,
  );
  const pg = await server.owner.connect();
  try {
    expect(await checkAddresses({ client: pg })).toBe('all canonical');
    await pg.query('UPDATE contacts SET email = $2 WHERE id = $1', [id, 'sam@münchen.example.com']);
    await expect(checkAddresses({ client: pg })).rejects.toThrow(
      `sam@münchen.example.com (contacts.email, org_id ${org.id}; canonical: ${CANONICAL})`,
    );
    await pg.query('UPDATE contacts SET email = NULL WHERE id = $1', [id]);
  } finally {
    pg.release();
  }
});
