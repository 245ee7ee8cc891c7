import { beforeAll, describe, expect, it } from 'vitest';
import { burst } from '../support/burst.js';
import { TestServer, type TestPartner } from '../support/start-app.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const AI_INSTRUCTIONS = 'You are a support agent for Acme Tours. Help customers with bookings and questions.';

const server = TestServer.forSuite();
let partner: TestPartner;
beforeAll(async () => {
  partner = await server.newPartner({ ai_instructions: 'Partner default.' });
});

const create = (body: unknown, key = partner.key) =>
  server
    .as(key)
    .post('/partner/v1/orgs')
    .send(body as object);
const read = async (id: string) => (await server.as(partner.key).get(`/partner/v1/orgs/${id}`).expect(200)).body;

/** The message of the 400 response to the body. */
async function refusalOf(body: unknown): Promise<string> {
  const answer = await create(body).expect(400);
  expect(Object.keys(answer.body)).toEqual(['statusCode', 'message']);
  expect(answer.body.statusCode).toBe(400);
  return answer.body.message as string;
}

describe('creating an org', () => {
  it('answers 201 with the four contracted fields', async () => {
    const sent = {
      name: 'Acme Tours',
      external_id: 'customer-12345',
      language: 'en',
      ai_instructions: AI_INSTRUCTIONS,
    };
    const { body, headers } = await create(sent).expect(201);
    expect(headers['content-type']).toContain('application/json');
    expect(body).toEqual({
      id: expect.stringMatching(UUID),
      name: 'Acme Tours',
      widget_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      external_id: 'customer-12345',
    });
    expect(Object.keys(body)).toEqual(['id', 'name', 'widget_token', 'external_id']);
    expect(await read(body.id)).toEqual({
      ...body,
      created_at: expect.stringMatching(INSTANT),
      website: null,
      language: 'en',
      ai_instructions: AI_INSTRUCTIONS,
      expiry_notices: true,
      idle_notices: false,
      on_exposed: 'suspend',
      suspended_at: null,
      suspended_by: null,
    });
  });

  it('requires only a name, and external_id is null by default', async () => {
    const { body } = await create({ name: 'Nameless' }).expect(201);
    expect(body.external_id).toBe(null);
    const nulls = { external_id: null, website: null, language: null, ai_instructions: null, integrations: null };
    const again = (await create({ name: 'Nameless', ...nulls }).expect(201)).body;
    expect(again.external_id).toBe(null);
    expect(again.widget_token).not.toBe(body.widget_token);
  });

  it('defaults the language to en and the AI instructions to those of the partner', async () => {
    const { id } = (await create({ name: 'Defaults' }).expect(201)).body;
    expect(await read(id)).toMatchObject({ language: 'en', ai_instructions: 'Partner default.' });
    const own = (await create({ name: 'Own', language: 'es', website: 'https://acme.example', ai_instructions: '' }))
      .body;
    expect(await read(own.id)).toMatchObject({ language: 'es', website: 'https://acme.example', ai_instructions: '' });
    const other = await server.newPartner();
    const created = (await create({ name: 'No default' }, other.key).expect(201)).body;
    const path = `/partner/v1/orgs/${created.id}`;
    expect((await server.as(other.key).get(path).expect(200)).body.ai_instructions).toBe(null);
  });

  it.each<[string, object]>([
    ['name', {}],
    ['name', { name: '' }],
    ['name', { name: null }],
    ['name', { name: 7 }],
    ['name', { name: 'x'.repeat(201) }],
    ['external_id', { external_id: '' }],
    ['external_id', { external_id: 12345 }],
    ['external_id', { external_id: 'x'.repeat(256) }],
    ['website', { website: 'acme' }],
    ['website', { website: 'javascript:alert(1)' }],
    ['website', { website: 'ftp://acme.example' }],
    ['language', { language: 'en_US' }],
    ['language', { language: '' }],
    ['ai_instructions', { ai_instructions: ['be nice'] }],
    ['integrations', { integrations: 'fareharbor' }],
    ['integrations', { integrations: [] }],
    ['id', { id: '018f0000-0000-7000-8000-000000000000' }],
    ['created_at', { created_at: '2020-01-01T00:00:00.000Z' }],
    ['widget_token', { widget_token: 'mine' }],
  ])('refuses an invalid %s with 400: %j', async (field, sent) => {
    const body = field === 'name' ? sent : { name: 'Acme Tours', ...sent };
    expect(await refusalOf(body)).toMatch(new RegExp(`^${field}\\b`));
  });

  it.each([['[]'], ['"name"'], ['null'], ['{"name": "Acme"'], ['{"name": "\\u0000"}'], ['']])(
    'refuses a body that is not a JSON object with 400: %j',
    async (text) => {
      const request = server.as(partner.key).post('/partner/v1/orgs').type('json');
      const { body } = await request.send(text).expect(400);
      expect(Object.keys(body)).toEqual(['statusCode', 'message']);
    },
  );

  it('refuses a missing, invalid or revoked partner key with 401', async () => {
    const sent = { name: 'Acme Tours' };
    const { body } = await server.http.post('/partner/v1/orgs').send(sent).expect(401);
    expect(body).toEqual({ statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' });
    await create(sent, `${partner.key}x`).expect(401);
  });

  it('refuses unknown integrations with a 400 that names them, and creates no org', async () => {
    const credentials = { name: 'Primary', app_key: '...', user_key: '...' };
    const forms = [
      credentials,
      [
        { ...credentials, name: 'Account A' },
        { ...credentials, name: 'Account B' },
      ],
    ];
    for (const form of forms) {
      const sent = { name: 'Acme Tours', external_id: 'with-integration', integrations: { example_integration: form } };
      expect(await refusalOf(sent)).toBe('integrations.example_integration: unknown integration');
    }
    await server.as(partner.key).get('/partner/v1/orgs/by-external-id/with-integration').expect(404);
    await create({ name: 'None', integrations: {} }).expect(201);
  });
});

describe('external_id', () => {
  it('makes a second create answer the contracted 409, and finds the first org', async () => {
    const sent = { name: 'Acme Tours', external_id: 'twice' };
    const first = (await create(sent).expect(201)).body;
    const { text } = await create({ ...sent, name: 'Other name' }).expect(409);
    expect(text).toBe('{"statusCode":409,"message":"Org with external_id \\"twice\\" already exists"}');
    const { body } = await server.as(partner.key).get('/partner/v1/orgs/by-external-id/twice').expect(200);
    expect(body).toEqual({ ...first, created_at: expect.stringMatching(INSTANT) });
  });

  it('is unique per partner, and finds only the orgs of that partner', async () => {
    const [one, other] = [await server.newPartner(), await server.newPartner()];
    const ids = [];
    for (const { key } of [one, other]) ids.push((await create({ name: 'Same', external_id: 'shared' }, key)).body.id);
    const resolve = (key: string) => server.as(key).get('/partner/v1/orgs/by-external-id/shared');
    expect((await resolve(one.key).expect(200)).body.id).toBe(ids[0]);
    expect((await resolve(other.key).expect(200)).body.id).toBe(ids[1]);
    const { text } = await resolve((await server.newPartner()).key).expect(404);
    expect(text).toBe('{"statusCode":404,"message":"Org with external_id \\"shared\\" not found","error":"Not Found"}');
  });

  it('can be reused once its org is archived, which no list and no read shows', async () => {
    const { id } = (await create({ name: 'Old', external_id: 'reused' }).expect(201)).body;
    await server.as(partner.key).delete(`/partner/v1/orgs/${id}`).expect(204);
    await server.as(partner.key).get('/partner/v1/orgs/by-external-id/reused').expect(404);
    const { body } = await server.as(partner.key).get(`/partner/v1/orgs/${id}`).expect(403);
    expect(body).toEqual({ statusCode: 403, message: 'Org is archived.', code: 'org_archived' });
    expect((await create({ name: 'New', external_id: 'reused' }).expect(201)).body.id).not.toBe(id);
  });
});

describe('an external_id with reserved characters is found when URL-encoded', () => {
  it.each([
    ['slashes and dots', ['a/b', '/', '//', '../orgs', './a', 'by-external-id/x']],
    ['percent signs', ['100%', '%', '%2F', '%252F', '%00', '%zz']],
    ['what ends a path', ['?limit=1', '#top', 'a?b=c&d#e', ';v=1']],
    ['blanks and plus', ['a b', ' a', 'a+b', 'tab\there', 'line\nbreak']],
    ['quotes and brackets', ['"quoted"', "o'neil", '{x}', '<b>', '[1]', 'back\\slash', '$&', ':id', '*']],
    ['other scripts', ['Füße', '日本語', 'مرحبا', '😀', 'e\u0301', '\u202e', '\ufeff']],
    ['255 characters', ['x'.repeat(255), '/'.repeat(255), '日'.repeat(255), '😀'.repeat(255)]],
    ['words of JavaScript', ['__proto__', 'constructor', 'null', 'undefined', '0']],
  ])('%s', async (_what, ids) => {
    for (const external_id of ids) {
      const { body } = await create({ name: 'Acme Tours', external_id }).expect(201);
      // Clients remove a bare ".." from a path, so dots are encoded too.
      const path = `/partner/v1/orgs/by-external-id/${encodeURIComponent(external_id).replaceAll('.', '%2E')}`;
      const headers = { Authorization: `Bearer ${partner.key}` };
      const [found, unknown] = await burst(server.url, [
        { path, headers },
        { path: `${path}%21`, headers },
      ]);
      expect([found!.status, JSON.parse(found!.body).id]).toEqual([200, body.id]);
      expect([unknown!.status, JSON.parse(unknown!.body).message]).toEqual([
        404,
        `Org with external_id "${external_id}!" not found`,
      ]);
    }
  });
});
