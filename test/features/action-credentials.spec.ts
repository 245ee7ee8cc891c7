import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SecretBox } from '../../src/core/encryption/secret-box.js';
import { ActionCalls } from '../../src/resources/automation/actions/action-calls.service.js';
import { readTables } from '../contract/support/table-rows.js';
import { Conversations } from '../support/conversations.js';
import { TestServer } from '../support/start-app.js';
import { StubServer } from '../support/stub-server.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const PATH = '/action-credentials';
const SECRET = 'sk-live/7f3a"9c';

let server: TestServer;
let api: StubServer;
let other: StubServer;
let here: Conversations;
beforeAll(async () => {
  [api, other] = await Promise.all([StubServer.start('127.0.0.1'), StubServer.start('127.0.0.1')]);
  const OUTBOUND_ALLOWED_HOSTS = [api, other].map(({ port }) => `127.0.0.1:${port}`).join(',');
  server = await TestServer.start({ OUTBOUND_ALLOWED_HOSTS });
});
afterAll(() => Promise.all([server.close(), api.close(), other.close()]));
beforeEach(async () => {
  here = await Conversations.of(server);
  api.answers(200);
});

interface Shown {
  readonly id: string;
  readonly [field: string]: unknown;
}
const BEARER = () => ({ name: 'CRM', type: 'bearer', origin: api.url, secret: SECRET });
const create = async (fields: object = {}) =>
  (
    await here.client
      .post(PATH)
      .send({ ...BEARER(), ...fields })
      .expect(201)
  ).body as Shown;
const refusal = async (fields: object) =>
  (
    (
      await here.client
        .post(PATH)
        .send({ ...BEARER(), ...fields })
        .expect(400)
    ).body as { message: string }
  ).message;
const action = (credential_id: string | null, api_endpoint = `${api.url}/orders?open=true`) => ({
  name: 'Orders',
  api_endpoint,
  request_type: 'GET',
  payload: { parameters: [{ name: 'Authorization', in: 'header' }], responses: {} },
  credential_id,
});
const newAction = async (credentialId: string) =>
  (await here.client.post('/actions').send(action(credentialId)).expect(201)).body as Shown;
const call = (id: string, input: Record<string, unknown> = {}) =>
  server.app.get(ActionCalls).call({ orgId: here.org.id, actionId: id }, input);

describe('the credential of an action', () => {
  it('is listed by name, and its secret is in no answer', async () => {
    const made = await create({ type: 'header', parameter: 'X-Api-Key' });
    expect(made).toEqual({
      id: expect.any(String),
      name: 'CRM',
      type: 'header',
      parameter: 'X-Api-Key',
      origin: api.url,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(await here.items(PATH)).toEqual([made]);
    expect((await here.client.get(`${PATH}/${made.id}`).expect(200)).body).toEqual(made);
    const { body } = await here.client.patch(`${PATH}/${made.id}`).send({ name: 'CRM 2', secret: 'other' }).expect(200);
    expect(body).toEqual({ ...made, name: 'CRM 2', updated_at: expect.any(String) });
    await here.client
      .post(PATH)
      .send({ ...BEARER(), name: 'CRM 2' })
      .expect(409);
  });

  it.each<[string, object, string, string]>([
    ['bearer', {}, SECRET, `Bearer ${SECRET}`],
    ['basic', {}, 'sam:a b', `Basic ${Buffer.from('sam:a b').toString('base64')}`],
    ['header', { parameter: 'X-Api-Key' }, SECRET, SECRET],
    ['query', { parameter: 'api_key' }, SECRET, SECRET],
  ])('of type %s is sent in its place, instead of what the input has there', async (type, fields, secret, sent) => {
    const { id } = await newAction((await create({ type, secret, ...fields })).id);
    await call(id, type === 'bearer' ? { Authorization: 'Bearer mine' } : {});
    const { headers, path } = api.seen.at(-1)!;
    const query = new URL(path, api.url).searchParams;
    const places = { bearer: headers.authorization, basic: headers.authorization, header: headers['x-api-key'] };
    expect({ ...places, query: query.get('api_key') }[type]).toBe(sent);
    expect([query.get('open'), headers['user-agent']]).toEqual(['true', 'Gatehouse']);
  });

  it('has another secret once PATCH returns', async () => {
    const { id: credentialId } = await create();
    const { id } = await newAction(credentialId);
    await here.client.patch(`${PATH}/${credentialId.toUpperCase()}`).send({ secret: 'rotated-1' }).expect(200);
    await call(id);
    expect(api.seen.at(-1)!.headers.authorization).toBe('Bearer rotated-1');
  });

  it('is sent to its origin only, also after a redirect', async () => {
    const credential = await create();
    const elsewhere = await here.client
      .post('/actions')
      .send(action(credential.id, `${other.url}/x`))
      .expect(400);
    const message = `credential_id names a credential that is only sent to ${api.url}`;
    expect(elsewhere.body).toMatchObject({ message });
    const { id } = await newAction(credential.id);
    await here.client
      .patch(`/actions/${id}`)
      .send({ api_endpoint: `${other.url}/x` })
      .expect(400);
    api.answers(302, {}, { location: `${other.url}/landing` });
    other.answers(200);
    await call(id);
    expect(other.seen.at(-1)!.path).toBe('/landing');
    expect(JSON.stringify(other.seen.at(-1)!.headers)).not.toContain('Bearer');
    await here.client.patch(`/actions/${id}`).send({ credential_id: null }).expect(200);
  });

  it('is sent elsewhere only by who knows the secret', async () => {
    const { id } = await create();
    for (const change of [{ origin: other.url }, { type: 'query', parameter: 'key' }]) {
      const { body } = await here.client.patch(`${PATH}/${id}`).send(change).expect(400);
      expect(body).toMatchObject({ message: 'secret is required to change type, parameter or origin' });
      await here.client
        .patch(`${PATH}/${id}`)
        .send({ ...change, secret: SECRET })
        .expect(200);
    }
    await here.client.patch(`${PATH}/${id}`).send({ origin: other.url, parameter: 'key' }).expect(200);
  });

  it('fails the calls of an action that an import moved to another origin', async () => {
    const document = (url: string) => ({
      openapi: '3.1.0',
      info: { title: 'Orders', version: '1' },
      servers: [{ url }],
      paths: { '/orders': { get: { operationId: 'orders', summary: 'Orders', responses: {} } } },
    });
    const load = (url: string) =>
      here.client.put('/actions').attach('file', Buffer.from(JSON.stringify(document(url))), 'api.json');
    const credential = await create();
    await load(other.url).field('credential_id', credential.id).expect(400);
    await load(api.url).field('credential_id', UNKNOWN_ID).expect(404);
    await load(api.url).field('credential_id', credential.id).expect(200);
    const [imported] = (await here.items('/actions')) as unknown as Shown[];
    expect(imported).toMatchObject({ credential_id: credential.id });
    await load(other.url).expect(200);
    expect(await here.items('/actions')).toMatchObject([{ id: imported!.id, credential_id: credential.id }]);
    await expect(call(imported!.id)).rejects.toThrow(`Orders: its credential is only sent to ${api.url}`);
  });

  it('is masked in answers that echo it', async () => {
    api.answer = ({ headers }, response) =>
      response.writeHead(200).end(JSON.stringify({ headers, encoded: encodeURIComponent(SECRET) }));
    const bearer = await call((await newAction((await create()).id)).id);
    expect(bearer.body).toMatchObject({ headers: { authorization: 'Bearer ***' }, encoded: '***' });
    const { id } = await create({ name: 'Basic', type: 'basic', secret: 'sam:pass-word' });
    const basic = await call((await newAction(id)).id);
    expect(basic.body).toMatchObject({ headers: { authorization: 'Basic ***' } });
  });

  it('is encrypted, bound to its row, and in clear text in no table', async () => {
    const { id } = await create({ secret: 'nowhere-else-1' });
    const { rows } = await server.database.query('SELECT secret FROM action_credentials WHERE id = $1', [id]);
    const sealed = rows[0]!['secret'] as Buffer;
    const box = server.app.get(SecretBox);
    expect(box.open(sealed, `action_credentials.secret ${here.org.id} ${id}`)).toBe('nowhere-else-1');
    expect(box.tryOpen(sealed, `action_credentials.secret ${here.org.id} ${UNKNOWN_ID}`)).toBeUndefined();
    const stored = [...(await readTables(server)).values()].flatMap((entries) => [...entries]);
    expect(stored.filter((row) => row.includes('nowhere-else-1'))).toEqual([]);
  });

  it('can be deleted when no action names it', async () => {
    const credential = await create();
    const { id } = await newAction(credential.id);
    expect((await here.client.delete(`${PATH}/${credential.id}`).expect(409)).body).toEqual({
      statusCode: 409,
      message: 'Action credential is used by an action',
      code: 'in_use',
    });
    await here.client.delete(`/actions/${id}`).expect(204);
    await here.client.delete(`${PATH}/${credential.id}`).expect(204);
  });

  it('must belong to the org', async () => {
    const theirs = await Conversations.of(server);
    const { body } = await theirs.client.post(PATH).send(BEARER()).expect(201);
    const { id } = body as Shown;
    for (const unknown of [id, UNKNOWN_ID, 'x']) {
      expect((await here.client.post('/actions').send(action(unknown)).expect(404)).body).toMatchObject({
        message: 'Action credential not found',
      });
    }
    await here.client.patch(`${PATH}/${id}`).send({ secret: 'stolen' }).expect(404);
  });

  it('is refused with the field that is wrong', async () => {
    expect(await refusal({ type: 'header' })).toBe('parameter is required for the type header');
    expect(await refusal({ parameter: 'X' })).toBe('parameter must be null for the type bearer');
    expect(await refusal({ type: 'header', parameter: 'Host' })).toBe('parameter is a header that cannot be set');
    expect(await refusal({ type: 'basic' })).toBe('secret must be username:password for the type basic');
    expect(await refusal({ origin: `${api.url}/` })).toBe('origin must be an origin, such as https://api.example.com');
    expect(await refusal({ secret: 'a\nb-c' })).toBe('secret must be printable ASCII characters');
    expect(await refusal({ secret: 'abc' })).toMatch(/^secret must be longer than or equal to 4/);
  });
});
