import { beforeEach, describe, expect, it } from 'vitest';
import { rolesOf } from '../support/login-links.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const LAST_OWNER = { statusCode: 409, message: 'An organization must have at least one Owner.', code: 'last_owner' };

const server = TestServer.forSuite();
let org: TestOrg;
let roles: Record<'Owner' | 'Admin' | 'Member', string>;
let partner: Client;
let members: string;
beforeEach(async () => {
  org = await server.newOrg();
  roles = await rolesOf(server, org);
  partner = server.as(org.partner.key);
  members = `/partner/v1/orgs/${org.id}/members`;
});

interface Person {
  readonly user_id: string;
  readonly email: string;
  readonly role: { readonly name: string };
}

const add = (email: string, role: keyof typeof roles = 'Member') =>
  partner.post(members).send({ email, role_id: roles[role] });
const added = async (email: string, role?: keyof typeof roles) => (await add(email, role).expect(201)).body as Person;
const setRole = (id: string, role: keyof typeof roles) =>
  partner.patch(`${members}/${id}`).send({ role_id: roles[role] });
const list = async () => (await partner.get(`${members}?limit=100`).expect(200)).body.items as Person[];

describe('a partner', () => {
  it('adds members of any role to its org, and lists them as the members do', async () => {
    const owner = await added('Ada@acmetours.example', 'Owner');
    expect(owner).toMatchObject({ email: 'ada@acmetours.example', role: { name: 'Owner' } });
    await added('bo@acmetours.example');
    const session = server.signedIn(await server.newSession(org, 'ada@acmetours.example'));
    expect(await list()).toEqual((await session.get('/manage/v1/members').expect(200)).body.items);
    await add('ada@acmetours.example').expect(409);
    await partner.post(members).send({ email: 'x@acmetours.example', role_id: UNKNOWN_ID }).expect(404);
    await partner.post(members).send({ email: 'no address' }).expect(400);
  });

  it('changes a role, which ends the sessions of the member', async () => {
    await added('ada@acmetours.example', 'Owner');
    const { user_id } = await added('bo@acmetours.example', 'Admin');
    const session = server.signedIn(await server.newSession(org, 'bo@acmetours.example'));
    await session.get('/session').expect(200);
    expect((await setRole(user_id, 'Member').expect(200)).body).toMatchObject({ role: { name: 'Member' } });
    await session.get('/session').expect(401);
  });

  it('removes a member, whose sessions and login links end', async () => {
    await added('ada@acmetours.example', 'Owner');
    const { user_id } = await added('bo@acmetours.example');
    const session = server.signedIn(await server.newSession(org, 'bo@acmetours.example'));
    await session.get('/session').expect(200);
    await partner.delete(`${members}/${user_id}`).expect(204);
    await session.get('/session').expect(401);
    expect((await list()).map(({ email }) => email)).toEqual(['ada@acmetours.example']);
    await partner.delete(`${members}/${user_id}`).expect(404);
  });

  it('leaves an org one Owner, also with concurrent calls', async () => {
    const owners = await Promise.all(
      ['ada', 'bo', 'cy', 'di'].map((name) => added(`${name}@acmetours.example`, 'Owner')),
    );
    const answers = await Promise.all(
      owners.map(({ user_id }, at) =>
        at % 2 === 0 ? setRole(user_id, 'Admin') : partner.delete(`${members}/${user_id}`),
      ),
    );
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused.map(({ body }) => body as object)).toEqual([LAST_OWNER]);
    expect((await list()).filter(({ role }) => role.name === 'Owner')).toHaveLength(1);
  });

  it('is the actor in the audit of the org', async () => {
    await added('ada@acmetours.example', 'Owner');
    const { user_id } = await added('bo@acmetours.example');
    await setRole(user_id, 'Admin').expect(200);
    await partner.delete(`${members}/${user_id}`).expect(204);
    const session = server.signedIn(await server.newSession(org, 'ada@acmetours.example'));
    const { items } = (await session.get('/manage/v1/audit?actor_type=partner').expect(200)).body;
    const ofMember = items.filter(({ target }: { target: { id: string } }) => target.id === user_id);
    expect(ofMember).toMatchObject([
      { action: 'member.deleted', changes: { role: { before: 'Admin', after: null } } },
      { action: 'member.updated', changes: { role: { before: 'Member', after: 'Admin' } } },
      { action: 'member.created', changes: { role: { before: null, after: 'Member' } } },
    ]);
  });

  it('adds a member once per Idempotency-Key', async () => {
    const send = () => add('ada@acmetours.example', 'Owner').set('Idempotency-Key', 'member-1');
    const [first, again] = [await send().expect(201), await send().expect(201)];
    expect(again.body).toEqual(first.body);
    expect(await list()).toHaveLength(1);
  });

  it('reaches no member of another org', async () => {
    const sibling = await server.newOrg(org.partner);
    const there = await rolesOf(server, sibling);
    const { body } = await partner
      .post(`/partner/v1/orgs/${sibling.id}/members`)
      .send({ email: 'ada@acmetours.example', role_id: there.Owner })
      .expect(201);
    await added('bo@acmetours.example', 'Owner');
    await setRole((body as Person).user_id, 'Member').expect(404);
    await partner.delete(`${members}/${(body as Person).user_id}`).expect(404);
    await partner.post(members).send({ email: 'cy@acmetours.example', role_id: there.Member }).expect(404);
  });
});
