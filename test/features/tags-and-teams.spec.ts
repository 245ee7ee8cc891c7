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

describe('tags', () => {
  it('are created and replaced by name, without an id', async () => {
    const made = (await client.put('/tags').send({ tag_name: 'vip', description: 'Important' }).expect(200))
      .body as object;
    expect(made).toEqual({
      tag_name: 'vip',
      description: 'Important',
      exclude_from_auto_tagging: false,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const replaced = await client.put('/tags').send({ tag_name: 'vip', exclude_from_auto_tagging: true }).expect(200);
    expect(replaced.body).toMatchObject({ description: null, exclude_from_auto_tagging: true });
    expect((replaced.body as { created_at: string }).created_at).toBe((made as { created_at: string }).created_at);
    const { items } = (await client.get('/tags').expect(200)).body as { items: object[] };
    expect(items).toEqual([replaced.body]);
  });

  it('are created once per name by concurrent requests', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.put('/tags').send({ tag_name: 'race' })));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const { items } = (await client.get('/tags')).body as { items: { tag_name: string }[] };
    expect(items.filter(({ tag_name }) => tag_name === 'race')).toHaveLength(1);
  });

  it('can be deleted by their URL-encoded name', async () => {
    for (const tag_name of ['50% off', 'a/b?c#d', 'Grüße ☕', '...', 'x'.repeat(64)]) {
      await client.put('/tags').send({ tag_name }).expect(200);
      await client.delete(`/tags/${encodeURIComponent(tag_name).replaceAll('.', '%2E')}`).expect(204);
      await client.delete(`/tags/${encodeURIComponent(tag_name).replaceAll('.', '%2E')}`).expect(404);
    }
  });

  it('belong to one org', async () => {
    await client.put('/tags').send({ tag_name: 'ours' }).expect(200);
    const { body } = await neighbour.delete('/tags/ours').expect(404);
    expect(body).toEqual({ statusCode: 404, message: 'Tag not found', error: 'Not Found', code: 'not_found' });
    expect((await neighbour.get('/tags').expect(200)).body).toEqual({ items: [], next: null });
  });

  it.each([
    [{}, 'tag_name is required'],
    [{ tag_name: null }, 'tag_name must be a string'],
    [{ tag_name: '' }, 'tag_name must be longer than or equal to 1 characters'],
    [{ tag_name: 'x'.repeat(65) }, 'tag_name must be shorter than or equal to 64 characters'],
    [{ tag_name: 'x', description: 'x'.repeat(161) }, 'description must be shorter than or equal to 160 characters'],
    [{ tag_name: 'x', exclude_from_auto_tagging: null }, 'exclude_from_auto_tagging must be a boolean value'],
    [{ tag_name: 'x', id: UNKNOWN_ID }, 'id is not a known field'],
  ])('refuse %j', async (tag, message) => {
    expect((await client.put('/tags').send(tag).expect(400)).body).toMatchObject({ message });
  });
});

describe('teams', () => {
  /** Creates a user who has signed in to the org. Returns its id. */
  async function member(email: string, of = org): Promise<string> {
    const session = await server.newSession(of, email);
    const { body } = await server.signedIn(session).get('/session').expect(200);
    return (body as { user: { id: string } }).user.id;
  }
  async function newTeam(name: string, fields: object = {}): Promise<string> {
    const { body } = await client
      .post('/teams')
      .send({ name, ...fields })
      .expect(201);
    return (body as { id: string }).id;
  }

  it('can be created and replaced, and have unique names', async () => {
    const id = await newTeam('Support', { description: 'First line', is_support_enabled: true });
    expect((await client.post('/teams').send({ name: 'Support' }).expect(409)).body).toEqual({
      statusCode: 409,
      message: 'Team with this name already exists',
      code: 'taken',
    });
    await client.put(`/teams/${id}`).send({ description: 'no name' }).expect(400);
    const { body } = await client.put(`/teams/${id}`).send({ name: 'Service' }).expect(200);
    expect(body).toMatchObject({ id, name: 'Service', description: null, is_support_enabled: false, users: [] });
    expect((await client.get(`/teams/${id}`).expect(200)).body).toEqual(body);
    await newTeam('Sales');
    await client.put(`/teams/${id}`).send({ name: 'Sales' }).expect(409);
    await neighbour.put(`/teams/${id}`).send({ name: 'Theirs' }).expect(404);
  });

  it('have each user once, in lists and in the team', async () => {
    const id = await newTeam('With users');
    const ada = await member('ada@acmetours.example');
    const bob = await member('bob@acmetours.example');
    await client.post(`/teams/${id}/users`).send({ user_id: ada }).expect(200);
    await client.post(`/teams/${id}/users`).send({ user_id: bob }).expect(200);
    const { body } = await client.post(`/teams/${id}/users`).send({ user_id: ada }).expect(200);
    expect((body as { users: object[] }).users).toEqual([
      { id: ada, name: 'ada', email: 'ada@acmetours.example' },
      { id: bob, name: 'bob', email: 'bob@acmetours.example' },
    ]);
    const { items } = (await client.get('/teams').expect(200)).body as { items: { id: string }[] };
    expect(items.find((team) => team.id === id)).toEqual(body);
    await client.delete(`/teams/${id}/users/${ada}`).expect(204);
    expect((await client.delete(`/teams/${id}/users/${ada}`).expect(404)).body).toMatchObject({
      message: 'User not found',
    });
  });

  it('refuse users of other orgs', async () => {
    const id = await newTeam('Closed');
    const stranger = await member('stranger@elsewhere.example', await server.newOrg());
    for (const user_id of [stranger, UNKNOWN_ID, 'not-a-uuid']) {
      const { body } = await client.post(`/teams/${id}/users`).send({ user_id }).expect(404);
      expect(body).toMatchObject({ message: 'User not found' });
    }
    const ours = await member('ours@acmetours.example');
    expect((await neighbour.post(`/teams/${id}/users`).send({ user_id: ours }).expect(404)).body).toMatchObject({
      message: 'Team not found',
    });
    expect((await client.delete(`/teams/${UNKNOWN_ID}/users/${ours}`).expect(404)).body).toMatchObject({
      message: 'Team not found',
    });
    await client.post(`/teams/${id}/users`).send({}).expect(400);
  });

  it('lose users who leave the org, and can be deleted with users', async () => {
    const id = await newTeam('Leaving');
    const leaver = await member('leaver@acmetours.example');
    await client.post(`/teams/${id}/users`).send({ user_id: leaver }).expect(200);
    await server.database.pool.query('DELETE FROM members WHERE user_id = $1', [leaver]);
    expect((await client.get(`/teams/${id}`)).body).toMatchObject({ users: [] });
    await client
      .post(`/teams/${id}/users`)
      .send({ user_id: await member('stayer@acmetours.example') })
      .expect(200);
    await client.delete(`/teams/${id}`).expect(204);
    await client.get(`/teams/${id}`).expect(404);
  });
});
