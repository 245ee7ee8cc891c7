import { beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { Changes } from '../../src/kit/audit/changes.js';
import { rolesOf } from '../support/login-links.js';
import { type Signed, signedInAs } from '../support/manage.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const MEMBERS = '/manage/v1/members';
const NEEDS_OWNER = { statusCode: 403, message: 'This needs the role Owner.', code: 'role_missing' };
const LAST_OWNER = {
  statusCode: 409,
  message: 'An organization must have at least one Owner.',
  code: 'last_owner',
};

const server = TestServer.forSuite();
let org: TestOrg;
let roles: Record<'Owner' | 'Admin' | 'Member', string>;
let owner: Signed;
beforeEach(async () => {
  org = await server.newOrg();
  roles = await rolesOf(server, org);
  owner = await signedInAs(server, org, 'Owner');
});

interface Person {
  readonly user_id: string;
  readonly email: string;
  readonly role: { readonly name: string };
}

const idOf = async (signed: Signed) => (await signed.get('/session').expect(200)).body.user.id as string;
const add = (by: Signed, body: object) => by.post(MEMBERS).send(body);
const setRole = (by: Signed, id: string, role: keyof typeof roles) =>
  by.patch(`${MEMBERS}/${id}`).send({ role_id: roles[role] });
const list = async (by = owner) => (await by.get(`${MEMBERS}?limit=100`).expect(200)).body.items as Person[];
const ownersOf = async () => (await list()).filter(({ role }) => role.name === 'Owner').length;
const audit = async () =>
  (await owner.get('/manage/v1/audit').expect(200)).body.items as {
    action: string;
    changes: unknown;
    target: object;
  }[];

describe('members', () => {
  it('are listed with their role, newest first, in pages, for the own org only', async () => {
    await signedInAs(server, await server.newOrg(), 'Owner');
    for (const name of ['one', 'two', 'three']) {
      await add(owner, { email: `${name}@acmetours.example`, role_id: roles.Member }).expect(201);
    }
    const page = (await owner.get(`${MEMBERS}?limit=2`).expect(200)).body;
    const rest = (await owner.get(`${MEMBERS}?limit=2&cursor=${page.next}`).expect(200)).body;
    expect(rest.next).toBe(null);
    const { user } = (await owner.get('/session').expect(200)).body;
    expect([...page.items, ...rest.items].map(({ email }) => email)).toEqual([
      'three@acmetours.example',
      'two@acmetours.example',
      'one@acmetours.example',
      user.email,
    ]);
    expect(page.items[0]).toEqual({
      user_id: expect.any(String),
      email: 'three@acmetours.example',
      name: 'three',
      role: { id: roles.Member, name: 'Member' },
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
  });

  it('can be added by e-mail address in any case, with a name, and sign in with their role', async () => {
    const { body } = await add(owner, { email: 'Jane@AcmeTours.example', name: 'Jane', role_id: roles.Admin }).expect(
      201,
    );
    expect(body).toMatchObject({ email: 'jane@acmetours.example', name: 'Jane', role: { name: 'Admin' } });
    const jane = server.signedIn(await server.newSession(org, 'jane@acmetours.example'));
    expect((await jane.get('/session').expect(200)).body).toMatchObject({
      user: { id: body.user_id, name: 'Jane' },
      role: { name: 'Admin' },
    });
    expect((await audit())[2]).toMatchObject({
      action: 'member.created',
      target: { type: 'member', id: body.user_id, name: 'jane@acmetours.example' },
      changes: { role: { before: null, after: 'Admin' } },
    });
  });

  it('have a different user_id in each org, which reveals nothing', async () => {
    const other = await server.newOrg();
    const jane = { email: 'jane@acmetours.example', role_id: roles.Member };
    const { body } = await add(owner, jane).expect(201);
    const elsewhere = server.signedIn(await server.newSession(other, jane.email));
    const ids = [body.user_id, (await elsewhere.get('/session').expect(200)).body.user.id];
    const [one, another] = ids as [string, string];
    expect(one).not.toBe(another);
    for (const id of [one, another]) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    const { rows } = await server.database.pool.query('select id from users where email = $1', [jane.email]);
    expect(ids).not.toContain(rows[0].id);
    await owner.delete(`${MEMBERS}/${another}`).expect(404);
    for (const client of [owner, elsewhere]) {
      for (const path of [MEMBERS, '/manage/v1/audit', '/session']) {
        expect((await client.get(path).expect(200)).text).not.toContain(rows[0].id);
      }
    }
    await elsewhere.delete('/session').expect(204);
    const ended = "select target_id from audit_entries where org_id = $1 and action = 'session.ended'";
    expect((await server.database.pool.query(ended, [other.id])).rows).toEqual([{ target_id: another }]);
  });

  it('are found in the audit by their id, also in entries of older releases', async () => {
    const { id } = (await owner.get('/session').expect(200)).body.user;
    const account = (
      await server.database.pool.query<{ account_id: string }>(
        'select account_id from members where org_id = $1 and user_id = $2',
        [org.id, id],
      )
    ).rows[0]!.account_id;
    const target = { type: 'agent', id: UNKNOWN_ID, name: 'Ada' };
    await server.app.get(Changes).change({ ...OPERATOR, type: 'user', id: account }, async (_manager, record) => {
      record({ action: 'agent.updated', orgId: org.id, target });
    });
    const { items } = (await owner.get(`/manage/v1/audit?actor_id=${id}`).expect(200)).body;
    expect(items.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['agent.updated', 'session.started']),
    );
    const other = await server.newOrg();
    const stranger = server.signedIn(await server.newSession(other));
    expect((await stranger.get(`/manage/v1/audit?actor_id=${id}`).expect(200)).body.items).toEqual([]);
  });

  it('are unique: adding one again is 409, and concurrent requests add one', async () => {
    const jane = { email: 'jane@acmetours.example', role_id: roles.Member };
    const answers = await Promise.all(Array.from({ length: 5 }, () => add(owner, jane)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    const { body } = await add(owner, { ...jane, email: 'JANE@acmetours.example' }).expect(409);
    expect(body).toEqual({ statusCode: 409, message: 'Member with this email already exists', code: 'taken' });
    expect(await list()).toHaveLength(2);
  });

  it.each<[number, string, object]>([
    [400, 'email', { email: 'jane' }],
    [400, 'email', {}],
    [400, 'name', { email: 'refused@acmetours.example', name: '' }],
    [400, 'role_id', { email: 'refused@acmetours.example', role_id: null }],
    [404, 'Role', { email: 'refused@acmetours.example', role_id: UNKNOWN_ID }],
    [404, 'Role', { email: 'refused@acmetours.example', role_id: 'Owner' }],
  ])('are refused with %i for %s: %j', async (status, named, body) => {
    const answer = await add(owner, { role_id: roles.Member, ...body }).expect(status);
    expect(answer.body.message).toContain(named);
    expect(await list()).toHaveLength(1);
    const { rows } = await server.database.pool.query("select from users where email = 'refused@acmetours.example'");
    expect(rows).toHaveLength(0);
  });

  it('cannot have a role of another org, and are 404 from another org', async () => {
    const elsewhere = await server.newOrg();
    const theirs = await rolesOf(server, elsewhere);
    const stranger = await idOf(await signedInAs(server, elsewhere, 'Admin'));
    await add(owner, { email: 'jane@acmetours.example', role_id: theirs.Member }).expect(404);
    for (const id of [stranger, UNKNOWN_ID, 'jane']) {
      const answers = [await setRole(owner, id, 'Member'), await owner.delete(`${MEMBERS}/${id}`)];
      for (const { status, body } of answers) expect([status, body.message]).toEqual([404, 'Member not found']);
    }
    const member = await signedInAs(server, org, 'Member');
    await owner
      .patch(`${MEMBERS}/${await idOf(member)}`)
      .send({ role_id: theirs.Admin })
      .expect(404);
  });
});

describe('permission to manage members', () => {
  it('is Owner for changes of Owners, Admin for others, and never Member', async () => {
    const admin = await signedInAs(server, org, 'Admin');
    const other = await idOf(await signedInAs(server, org, 'Owner'));
    const member = await idOf(await signedInAs(server, org, 'Member'));
    const refused = [
      await add(admin, { email: 'jane@acmetours.example', role_id: roles.Owner }),
      await setRole(admin, member, 'Owner'),
      await setRole(admin, await idOf(admin), 'Owner'),
      await setRole(admin, other, 'Member'),
      await admin.delete(`${MEMBERS}/${other}`),
    ];
    for (const { status, body } of refused) expect([status, body]).toEqual([403, NEEDS_OWNER]);
    expect(await ownersOf()).toBe(2);
    await setRole(admin, member, 'Admin').expect(200);
    await admin.delete(`${MEMBERS}/${member}`).expect(204);
    await setRole(owner, other, 'Member').expect(200);
    await setRole(owner, other, 'Owner').expect(200);
    await owner.delete(`${MEMBERS}/${other}`).expect(204);
    expect((await list()).map(({ role }) => role.name)).toEqual(['Admin', 'Owner']);
  });

  it('is checked in the transaction: of two Owners who demote each other, one is refused', async () => {
    for (let round = 0; round < 5; round++) {
      const rival = await signedInAs(server, org, 'Owner');
      const [ownerId, rivalId] = [await idOf(owner), await idOf(rival)];
      const answers = await Promise.all([setRole(owner, rivalId, 'Member'), setRole(rival, ownerId, 'Member')]);
      // The later request has lost its session or its rights.
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => [401, 403].includes(status))).toHaveLength(1);
      if (answers[0].status !== 200) owner = rival;
      expect(await ownersOf()).toBe(1);
    }
  });
});

describe('the last Owner', () => {
  it('can be neither demoted nor removed', async () => {
    const id = await idOf(owner);
    for (const role of ['Admin', 'Member'] as const)
      expect((await setRole(owner, id, role).expect(409)).body).toEqual(LAST_OWNER);
    expect((await owner.delete(`${MEMBERS}/${id}`).expect(409)).body).toEqual(LAST_OWNER);
    await setRole(owner, id, 'Owner').expect(200);
    expect(await ownersOf()).toBe(1);
  });

  it('remains if all Owners leave concurrently', async () => {
    const owners = [owner, ...(await Promise.all(Array.from({ length: 4 }, () => signedInAs(server, org, 'Owner'))))];
    const ids = await Promise.all(owners.map(idOf));
    const leave = (each: Signed, at: number) =>
      at % 2 === 0 ? each.delete(`${MEMBERS}/${ids[at]}`) : setRole(each, ids[at]!, 'Member');
    const statuses = (await Promise.all(owners.map(leave))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 409)).toHaveLength(1);
    expect(statuses.filter((status) => status === 200 || status === 204)).toHaveLength(4);
    const { rows } = await server.database.pool.query('select from members where org_id = $1 and role_id = $2', [
      org.id,
      roles.Owner,
    ]);
    expect(rows).toHaveLength(1);
  });
});

describe('the sessions of a member', () => {
  it('end with a change of role, and stay ended if the role returns', async () => {
    const member = await signedInAs(server, org, 'Member');
    const id = await idOf(member);
    await setRole(owner, id, 'Admin').expect(200);
    await member.get('/session').expect(401);
    await setRole(owner, id, 'Member').expect(200);
    await member.get('/session').expect(401);
    expect((await audit()).slice(0, 2)).toMatchObject([
      { action: 'member.updated', changes: { role: { before: 'Admin', after: 'Member' } } },
      { action: 'member.updated', changes: { role: { before: 'Member', after: 'Admin' } } },
    ]);
  });

  it('continue if the role stays the same or is not given', async () => {
    const member = await signedInAs(server, org, 'Member');
    const id = await idOf(member);
    expect((await setRole(owner, id, 'Member').expect(200)).body.role.name).toBe('Member');
    await owner.patch(`${MEMBERS}/${id}`).send({}).expect(200);
    await member.get('/session').expect(200);
    expect((await audit())[0]!.action).toBe('session.started');
  });

  it('end with the membership, and a new link creates a new member', async () => {
    const session = await server.newSession(org, 'jane@acmetours.example', roles.Admin);
    const jane = server.signedIn(session);
    const id = await idOf(jane);
    await owner.delete(`${MEMBERS}/${id}`).expect(204);
    await jane.get('/session').expect(401);
    await owner.delete(`${MEMBERS}/${id}`).expect(404);
    const again = server.signedIn(await server.newSession(org, 'jane@acmetours.example'));
    expect((await again.get('/session').expect(200)).body).toMatchObject({ role: { name: 'Member' } });
    await jane.get('/session').expect(401);
  });
});

it('GET /manage/v1/roles lists the three roles, and GET /manage/v1/scopes the catalogue', async () => {
  const { items } = (await owner.get('/manage/v1/roles').expect(200)).body;
  expect(items).toEqual(['Member', 'Admin', 'Owner'].map((name) => ({ id: roles[name as 'Owner'], name })));
  const scopes = (await owner.get('/manage/v1/scopes').expect(200)).body;
  const fields = ['audience', 'resource', 'label', 'description', 'actions', 'service', 'service_label'];
  expect(Object.keys(scopes.items[0])).toEqual(fields);
  expect(scopes.items).toContainEqual({
    audience: 'agent',
    resource: 'document-extraction',
    label: 'Document Extraction Access',
    description: expect.any(String),
    actions: ['create', 'read'],
    service: null,
    service_label: null,
  });
  await owner.get('/manage/v1/scopes?limit=1').expect(400);
});

it('every member can read the org, Owners and Admins can update it, and updates are audited', async () => {
  const [admin, member] = [await signedInAs(server, org, 'Admin'), await signedInAs(server, org, 'Member')];
  const before = (await member.get('/manage/v1/org').expect(200)).body;
  expect(before).toEqual({
    id: org.id,
    name: 'Acme Tours',
    external_id: null,
    website: null,
    language: 'en',
    ai_instructions: null,
    weekly_key_report: false,
    expiry_notices: true,
    idle_notices: false,
    on_exposed: 'suspend',
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  await member.patch('/manage/v1/org').send({ name: 'Mine' }).expect(403);
  const { body } = await admin
    .patch('/manage/v1/org')
    .send({ name: 'Acme', website: 'https://acme.example' })
    .expect(200);
  expect(body).toEqual({ ...before, name: 'Acme', website: 'https://acme.example', updated_at: expect.any(String) });
  expect((await audit())[0]).toMatchObject({
    action: 'org.updated',
    changes: {
      name: { before: 'Acme Tours', after: 'Acme' },
      website: { before: null, after: 'https://acme.example' },
    },
  });
  await admin.patch('/manage/v1/org').send({ external_id: 'x' }).expect(400);
});
