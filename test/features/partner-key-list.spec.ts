import { beforeAll, expect, it } from 'vitest';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';

const server = TestServer.forSuite();
let org: TestOrg;
let partner: Client;
let keys: string;
beforeAll(async () => {
  org = await server.newOrg();
  partner = server.as(org.partner.key);
  keys = `/partner/v1/orgs/${org.id}/api-keys`;
});

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

interface Listed {
  readonly api_key_id: string;
  readonly created_at: string;
  readonly last_used_at: string | null;
}
const create = async (body: object) =>
  (await partner.post(keys).send(body).expect(201)).body as { api_key_id: string; api_key: string };
const list = async (query = '') => ((await partner.get(keys + query).expect(200)).body as { data: Listed[] }).data;
const idsOf = async (query: string) => (await list(query)).map(({ api_key_id }) => api_key_id);

it('the list of an org without keys is empty', async () => {
  const { id } = await server.newOrg(org.partner);
  const { body, headers } = await partner.get(`/partner/v1/orgs/${id}/api-keys`).expect(200);
  expect(body).toEqual({ data: [] });
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
});

it('a listed key has the fields of the contract in their order, and its last use', async () => {
  const labels = { metadata: { plan: 'pro', 'cost.center': '"7"' }, tags: ['EU', 'website'], external_id: 'é-1' };
  const { api_key_id, api_key } = await create({
    name: 'Line\\ "quoted" 😀',
    expires_at: '2100-01-01T00:00:00Z',
    ...labels,
  });
  const [unused] = await list();
  expect(Object.keys(unused!)).toEqual([
    'api_key_id',
    'name',
    'masked_key',
    'created_at',
    'expires_at',
    'revoked_at',
    'last_used_at',
    'metadata',
    'tags',
    'external_id',
  ]);
  expect(unused).toEqual({
    ...labels,
    api_key_id,
    name: 'Line\\ "quoted" 😀',
    masked_key: `eyJhbGci…${api_key.slice(-4)}`,
    created_at: expect.stringMatching(INSTANT),
    expires_at: '2100-01-01T00:00:00.000Z',
    revoked_at: null,
    last_used_at: null,
  });
  const beforeMs = Date.now();
  await server.as(api_key).get('/whoami').expect(200);
  await partner.delete(`${keys}/${api_key_id}`).expect(204);
  const [used] = await list();
  expect(used).toEqual({ ...unused, last_used_at: used!.last_used_at, revoked_at: expect.stringMatching(INSTANT) });
  expect(used!.last_used_at).toMatch(INSTANT);
  expect(Math.abs(Date.parse(used!.last_used_at!) - beforeMs)).toBeLessThan(60_000);
});

it('labels of the query narrow the list together', async () => {
  const both = await create({ tags: ['Narrowed'], metadata: { region: 'eu:west', tier: '1' }, external_id: 'n-1' });
  const one = await create({ tags: ['Narrowed'], metadata: { tier: '1' } });
  const newestFirst = [one.api_key_id, both.api_key_id];
  expect(await idsOf('?tag=Narrowed')).toEqual(newestFirst);
  expect(await idsOf('?tag=Narrowed&metadata=tier:1')).toEqual(newestFirst);
  expect(await idsOf('?metadata=region:eu:west')).toEqual([both.api_key_id]);
  expect(await idsOf('?tag=Narrowed&external_id=n-1&metadata=tier:1')).toEqual([both.api_key_id]);
  expect(await idsOf('?tag=Narrowed&external_id=n-2')).toEqual([]);
});

it('the list of thousands of keys is whole, newest first, and has no key of another org', async () => {
  const { api_key_id } = await create({ name: 'Copied' });
  const other = await server.newOrgKey(await server.newOrg(org.partner));
  await server.database.query(
    `INSERT INTO api_keys SELECT (jsonb_populate_record(api_keys, jsonb_build_object('id', gen_random_uuid()))).*
     FROM api_keys, generate_series(1, 3000) WHERE id = $1`,
    [api_key_id],
  );
  const { text, headers } = await partner.get(keys).expect(200);
  expect(headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
  });
  const ids = (JSON.parse(text) as { data: Listed[] }).data.map((key) => key.api_key_id);
  expect(ids.length).toBeGreaterThan(3_000);
  expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
  expect(ids).toContain(api_key_id);
  expect(ids).not.toContain(other.id);
});
