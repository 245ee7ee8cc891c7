import { beforeEach, expect, it } from 'vitest';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';

const server = TestServer.forSuite();
let org: TestOrg;
let client: Client;
beforeEach(async () => {
  org = await server.newOrg();
  client = await server.newClient(org);
});

const CONFIG = '/widget/config';
const DEFAULTS = {
  widget_token: expect.stringMatching(/^[0-9a-f]{64}$/),
  allowed_origins: [],
  sessions_polling_interval_seconds: 60,
  session_polling_interval_seconds: 10,
  modes: ['chat'],
  theme: {},
};

async function tokenInPartnersList(): Promise<string> {
  const { body } = await server.as(org.partner.key).get('/partner/v1/orgs').expect(200);
  return (body as { data: { id: string; widget_token: string }[] }).data.find(({ id }) => id === org.id)!.widget_token;
}

async function entriesOf(action: string): Promise<Record<string, unknown>[]> {
  const sql = 'SELECT actor_type, target_type, target_id, changes FROM audit_entries WHERE org_id = $1 AND action = $2';
  return (await server.database.query(sql, [org.id, action])).rows;
}

it('the widget has defaults, is updated field by field, and every update is audited', async () => {
  const before = (await client.get(CONFIG).expect(200)).body as object;
  expect(before).toEqual(DEFAULTS);
  expect((await client.patch(CONFIG).send({}).expect(200)).body).toEqual(before);
  const theme = { 'colors.primary': '#1890ff', radius: 4, is_dark: false };
  const change = { allowed_origins: ['App.example.com', '*.example.com'], session_polling_interval_seconds: 3, theme };
  const after = { ...before, ...change, allowed_origins: ['app.example.com', '*.example.com'] };
  expect((await client.patch(CONFIG).send(change).expect(200)).body).toEqual(after);
  expect(
    (
      await client
        .patch(CONFIG)
        .send({ theme, modes: ['chat', 'voice'] })
        .expect(200)
    ).body,
  ).toEqual({
    ...after,
    modes: ['chat', 'voice'],
  });
  expect((await client.get(CONFIG).expect(200)).body).toEqual({ ...after, modes: ['chat', 'voice'] });
  const entries = await entriesOf('widget.updated');
  expect(entries).toHaveLength(2);
  expect(entries.at(-1)).toEqual({
    actor_type: 'api_key',
    target_type: 'widget',
    target_id: org.id,
    changes: { modes: { before: ['chat'], after: ['chat', 'voice'] } },
  });
});

it('concurrent first updates of different fields are all kept', async () => {
  const changes = [
    { allowed_origins: ['app.example.com'] },
    { sessions_polling_interval_seconds: 300 },
    { session_polling_interval_seconds: 30 },
    { modes: ['help_center'] },
    { theme: { title: 'Hello' } },
  ];
  await Promise.all(changes.map((change) => client.patch(CONFIG).send(change).expect(200)));
  expect((await client.get(CONFIG).expect(200)).body).toMatchObject(Object.assign({}, ...changes));
});

it('the widget has the token of the org, which a rotation replaces, without the token in the audit', async () => {
  const old = await tokenInPartnersList();
  expect((await client.get(CONFIG).expect(200)).body).toMatchObject({ widget_token: old });
  const { widget_token } = (await client.post('/widget/token/rotate').expect(200)).body as { widget_token: string };
  expect(widget_token).toMatch(/^[0-9a-f]{64}$/);
  expect(widget_token).not.toBe(old);
  expect((await client.get(CONFIG).expect(200)).body).toMatchObject({ widget_token });
  expect(await tokenInPartnersList()).toBe(widget_token);
  expect(await entriesOf('org.widget_token_rotated')).toEqual([
    { actor_type: 'api_key', target_type: 'org', target_id: org.id, changes: null },
  ]);
  const { rows } = await server.database.query('SELECT 1 FROM orgs WHERE widget_token = $1', [old]);
  expect(rows).toEqual([]);
});

it('the token can be read with widget:read, and rotated with widget:write', async () => {
  const reader = await server.newClient(org, { scopes: ['widget:read'] });
  await reader.get(CONFIG).expect(200);
  await reader.post('/widget/token/rotate').expect(403);
  const writer = await server.newClient(org, { scopes: ['widget:write'] });
  await writer.get(CONFIG).expect(403);
  await writer.post('/widget/token/rotate').expect(200);
});

it.each([
  [{ allowed_origins: ['https://app.example.com'] }, 'has a scheme: write the domain alone'],
  [{ allowed_origins: ['a.example', 'A.example'] }, 'is listed twice'],
  [{ allowed_origins: Array.from({ length: 51 }, (_, index) => `a${index}.example`) }, 'no more than 50 elements'],
  [{ allowed_origins: null }, 'allowed_origins must be an array'],
  [{ session_polling_interval_seconds: 2 }, 'must not be less than 3'],
  [{ sessions_polling_interval_seconds: 301 }, 'must not be greater than 300'],
  [{ modes: [] }, 'modes must contain at least 1 elements'],
  [{ modes: ['fax'] }, 'each value in modes must be one of'],
  [{ theme: { colors: { primary: '#fff' } } }, 'theme must be an object of at most 50 texts'],
  [{ theme: [] }, 'theme must be an object'],
  [{ widget_token: 'mine' }, 'widget_token is not a known field'],
])('an update with %j is refused, and nothing changes', async (change, message) => {
  const { body } = await client
    .patch(CONFIG)
    .send({ modes: ['voice'], ...change })
    .expect(400);
  expect((body as { message: string }).message).toContain(message);
  expect((await client.get(CONFIG).expect(200)).body).toEqual(DEFAULTS);
});
