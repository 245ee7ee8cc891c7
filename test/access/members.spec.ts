import { beforeEach, describe, expect, it } from 'vitest';
import { newLoginLink, rolesOf, sessionIn } from '../support/login-links.js';
import { PUBLIC_URL, TestServer, type TestOrg } from '../support/start-app.js';

const server = TestServer.forSuite();
let org: TestOrg;
beforeEach(async () => {
  org = await server.newOrg();
});

const post = (token: unknown, headers: Record<string, string> = {}) =>
  server.http.post('/session/login-link').set(headers).send({ token });

type Settings = Parameters<typeof newLoginLink>[2];

async function signIn(settings: Settings, into: TestOrg = org) {
  const { token } = await newLoginLink(server, into, settings);
  const { user, role } = (await post(token).expect(200)).body;
  return { user, role: role.name as string };
}

describe('POST /session/login-link', () => {
  it('returns user, org, role and expiry, with the cookie', async () => {
    const { token } = await newLoginLink(server, org, { name: 'Jane Smith' });
    const answer = await post(token).expect(200);
    expect(answer.body).toEqual({
      user: { id: expect.any(String), email: 'jane@acmetours.example', name: 'Jane Smith' },
      org: { id: org.id, name: 'Acme Tours' },
      role: { id: expect.any(String), name: 'Owner' },
      has_agents: true,
      has_services: false,
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(answer.headers['cache-control']).toBe('no-store');
    const { body } = await server.signedIn(sessionIn(answer)!).get('/session').expect(200);
    expect(body).toEqual(answer.body);
  });

  it('refuses other sites, forms and bodies that are not JSON, without using the link', async () => {
    const link = await newLoginLink(server, org);
    for (const origin of ['https://evil.example', 'null', `${PUBLIC_URL}.evil.example`, 'https://gatehouse.test']) {
      const { body } = await post(link.token, { Origin: origin }).expect(403);
      expect(body).toEqual({ statusCode: 403, message: 'Origin is not allowed.', code: 'origin_not_allowed' });
    }
    await server.http.post('/session/login-link').type('form').send({ token: link.token }).expect(415);
    await server.http
      .post('/session/login-link')
      .type('text')
      .send(JSON.stringify({ token: link.token }))
      .expect(415);
    await post(link.token).expect(200);
  });
});

describe('the user of a login link', () => {
  it('has the name of the link, or the local part of the address', async () => {
    expect((await signIn({ name: 'Jane Smith' })).user.name).toBe('Jane Smith');
    expect((await signIn({ email: 'John.Doe+tours@acmetours.example' })).user.name).toBe('john.doe+tours');
    expect((await signIn({ email: 'null@acmetours.example', name: null as never })).user.name).toBe('null');
  });

  it('is the same for every spelling of an e-mail address, and another one in other orgs', async () => {
    const spellings = ['jane@acmetours.example', 'Jane@AcmeTours.Example', 'JANE@ACMETOURS.EXAMPLE'];
    const users = [];
    for (const email of spellings) users.push((await signIn({ email })).user);
    users.push((await signIn({ email: spellings[1]! }, await server.newOrg())).user);
    expect(new Set(users.map(({ id }) => id)).size).toBe(2);
    expect(new Set(users.map(({ email }) => email))).toEqual(new Set(['jane@acmetours.example']));
  });

  it('has in each org the name of the first link there', async () => {
    const other = await server.newOrg();
    expect((await signIn({ name: 'Jane' })).user.name).toBe('Jane');
    expect((await signIn({ name: 'Dr. Smith' }, other)).user.name).toBe('Dr. Smith');
    expect((await signIn({ name: 'Ignored' })).user.name).toBe('Jane');
  });

  it('is signed in to the org of the link only', async () => {
    const other = await server.newOrg();
    const [here, there] = [await server.newSession(org), await server.newSession(other)];
    const orgOf = async (session: string) => (await server.signedIn(session).get('/session').expect(200)).body.org.id;
    expect([await orgOf(here), await orgOf(there)]).toEqual([org.id, other.id]);
    await server.as(other.partner.key).delete(`/partner/v1/orgs/${other.id}`).expect(204);
    await server.signedIn(there).get('/session').expect(401);
    expect(await orgOf(here)).toBe(org.id);
  });
});

describe('the role of a new member', () => {
  it('is Owner for the first of an org, and Member for those after', async () => {
    const roles = [];
    for (const name of ['one', 'two', 'three']) roles.push((await signIn({ email: `${name}@acmetours.example` })).role);
    expect(roles).toEqual(['Owner', 'Member', 'Member']);
  });

  it('is that of the link, also for the first member, and the highest of several', async () => {
    const { Owner, Admin, Member } = await rolesOf(server, org);
    const asked: [string[], string][] = [
      [[Member], 'Member'],
      [[Admin], 'Admin'],
      [[Owner], 'Owner'],
      [[Member, Admin], 'Admin'],
      [[Member, Member], 'Member'],
      [[], 'Member'],
    ];
    const given = [];
    for (const [index, [role_ids]] of asked.entries()) {
      given.push((await signIn({ email: `person${index}@acmetours.example`, role_ids })).role);
    }
    expect(given).toEqual(asked.map(([, name]) => name));
  });

  it('is not changed by later links, which ignore role_ids', async () => {
    const { Owner, Member } = await rolesOf(server, org);
    await signIn({ email: 'owner@acmetours.example' });
    expect((await signIn({ role_ids: [Member] })).role).toBe('Member');
    for (const role_ids of [[Owner], ['unknown'], ['00000000-0000-7000-8000-000000000000']]) {
      expect((await signIn({ email: 'JANE@acmetours.example', role_ids })).role).toBe('Member');
    }
    const early = await newLoginLink(server, org, { email: 'late@acmetours.example', role_ids: [Owner] });
    await signIn({ email: 'late@acmetours.example' });
    expect((await post(early.token).expect(200)).body.role.name).toBe('Member');
  });

  it('is refused with a 400 that names it if the org does not have it', async () => {
    const theirs = await rolesOf(server, await server.newOrg());
    const path = `/partner/v1/orgs/${org.id}/login-links`;
    for (const unknown of [theirs.Owner, '00000000-0000-7000-8000-000000000000', 'Owner', '']) {
      const body = { email: 'jane@acmetours.example', role_ids: [unknown] };
      const answer = await server.as(org.partner.key).post(path).send(body).expect(400);
      expect(answer.body).toEqual({ statusCode: 400, message: `role_ids: unknown role ${unknown}` });
    }
    const { rows } = await server.database.pool.query('select from login_links where org_id = $1', [org.id]);
    expect(rows).toEqual([]);
  });
});

describe('a login link for', () => {
  it.each([
    ['no e-mail address', undefined],
    ['null', null],
    ['a name alone', 'jane'],
    ['two addresses', 'jane@acmetours.example, john@acmetours.example'],
    ['an address with a line break', 'jane@acmetours.example\n'],
    ['an address with a NUL', 'jane\0@acmetours.example'],
    ['a display name', 'Jane <jane@acmetours.example>'],
    ['an address longer than mail allows', `jane@${'a.'.repeat(130)}example`],
    ['a list', ['jane@acmetours.example']],
  ])('%s is refused', async (_what, email) => {
    const path = `/partner/v1/orgs/${org.id}/login-links`;
    const { body } = await server.as(org.partner.key).post(path).send({ email }).expect(400);
    expect(Object.keys(body)).toEqual(['statusCode', 'message']);
    expect(body.message).toMatch(/^email /);
  });
});
