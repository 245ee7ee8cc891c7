import { beforeAll, describe, expect, it } from 'vitest';
import { unauthorized } from '../../src/access/credentials/unauthorized.js';
import { errorAnswer } from '../../src/core/errors/error-answer.js';
import { type Client, type TestOrg, type TestPartner, TestServer } from '../support/start-app.js';
import { newOpaqueKey } from '../support/stored-keys.js';
import { expectAnswer } from './support/expect-answer.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const server = TestServer.forSuite();
let partner: TestPartner;
let org: TestOrg;
/** Uses a key of the org with full access. */
let key: Client;

beforeAll(async () => {
  org = await server.newOrg();
  partner = org.partner;
  key = await server.newClient(org);
});

describe('401', () => {
  const BODY = '{"statusCode":401,"message":"Unauthorized","error":"Unauthorized"}';

  it('has the same body for every cause, and only the challenge depends on whether a token was sent', async () => {
    expectAnswer(await server.http.get('/contacts'), 401, BODY, { 'www-authenticate': 'Bearer realm="gatehouse"' });
    expectAnswer(await server.as('YOUR_API_KEY').get('/contacts'), 401, BODY, {
      'www-authenticate': 'Bearer realm="gatehouse", error="invalid_token"',
    });
  });

  it('on agent routes asks for both headers if one is missing', () => {
    const answers = [false, true].map((cameWhole) => errorAnswer(unauthorized('agent', cameWhole), '/v1/open/x', 'id'));
    expect(answers.map(({ status, body }) => [status, JSON.stringify(body)])).toEqual([
      [
        401,
        '{"statusCode":401,"message":"Both x-api-key and x-api-secret headers are required.","error":"Unauthorized"}',
      ],
      [401, BODY],
    ]);
    expect(answers.map(({ headers }) => headers['WWW-Authenticate'])).toEqual(
      Array(2).fill('ApiKey realm="gatehouse"'),
    );
  });
});

describe('403', () => {
  it('names the scope that is missing', async () => {
    const { key: scoped } = await server.newOrgKey(org, { scopes: ['contacts:read'] });
    const body = '{"statusCode":403,"message":"This API key does not have the required scope: \\"tags:read\\"."}';
    expectAnswer(await server.as(scoped).get('/tags'), 403, body, {
      'www-authenticate': 'Bearer realm="gatehouse", error="insufficient_scope", scope="tags:read"',
    });
  });

  it('names the address that is not allowed', async () => {
    const { key: bound } = await server.newOrgKey(org, { allowed_ips: ['203.0.113.8'] });
    const answer = await server.as(bound).get('/tags').set('X-Forwarded-For', '203.0.113.7');
    expectAnswer(
      answer,
      403,
      '{"statusCode":403,"message":"IP address 203.0.113.7 is not allowed.","code":"ip_not_allowed"}',
    );
  });

  it('does not name the origin that is not allowed', async () => {
    const typed = await newOpaqueKey(server, org.id, { type: 'client', allowed_origins: ['example.com'] });
    const answer = await server.as(typed.key).get('/whoami').set('Origin', 'https://evil.example');
    expectAnswer(answer, 403, '{"statusCode":403,"message":"Origin is not allowed.","code":"origin_not_allowed"}');
  });

  it('is the same for an org of another partner and an unknown org', async () => {
    const answer = await server.as(partner.key).get(`/partner/v1/orgs/${UNKNOWN_ID}`);
    expectAnswer(
      answer,
      403,
      '{"statusCode":403,"message":"Org does not belong to this partner.","code":"org_not_yours"}',
    );
  });

  it('refuses a cross-site browser request', async () => {
    const session = `gatehouse_session=${await server.newSession(org)}`;
    const bare = await server.http.delete('/session').set('Cookie', session);
    const sentence = 'State-changing requests must carry the header X-Requested-With: gatehouse.';
    expectAnswer(bare, 403, JSON.stringify({ statusCode: 403, message: sentence, code: 'cross_site_request' }));
    const foreign = await server.http
      .delete('/session')
      .set({ Cookie: session, 'X-Requested-With': 'gatehouse', Origin: 'https://evil.example' });
    expectAnswer(foreign, 403, '{"statusCode":403,"message":"Origin is not allowed.","code":"origin_not_allowed"}');
  });
});

describe('404', () => {
  it('names what was not found', async () => {
    const contact = await key.get(`/contacts/${UNKNOWN_ID}`);
    expectAnswer(
      contact,
      404,
      '{"statusCode":404,"message":"Contact not found","error":"Not Found","code":"not_found"}',
    );
    expectAnswer(await key.get('/contacts/1'), 404, contact.text);
    const tag = '{"statusCode":404,"message":"Tag not found","error":"Not Found","code":"not_found"}';
    expectAnswer(await key.delete('/tags/no%2Ftag'), 404, tag);
    const orgKey = '{"statusCode":404,"message":"API key not found","error":"Not Found","code":"not_found"}';
    const path = `/partner/v1/orgs/${org.id}/api-keys/${UNKNOWN_ID}`;
    expectAnswer(await server.as(partner.key).delete(path), 404, orgKey);
  });

  it('has the external_id decoded', async () => {
    const answer = await server.as(partner.key).get('/partner/v1/orgs/by-external-id/a%2Fb%20%22c%22%20%C3%A9');
    const message = 'Org with external_id "a/b "c" é" not found';
    expectAnswer(answer, 404, JSON.stringify({ statusCode: 404, message, error: 'Not Found' }));
  });

  it('of an unknown route needs no credential, and is the same for every spelling', async () => {
    const body = '{"statusCode":404,"message":"Route not found","error":"Not Found","code":"route_not_found"}';
    for (const path of ['/nowhere', '/Contacts', '//contacts', '/partner/v1/nowhere', '/contacts;a=b', '/tags/a/b']) {
      expectAnswer(await server.http.get(path), 404, body);
    }
    expectAnswer(await key.put('/nowhere'), 404, body);
  });
});

it('405 lists the methods of the path, and needs no credential', async () => {
  const bodyOf = (method: string, allowed: string) =>
    JSON.stringify({
      statusCode: 405,
      message: `Method ${method} is not allowed here: use ${allowed}.`,
      code: 'method_not_allowed',
    });
  const contacts = 'GET, HEAD, POST';
  const foreign = server.http.options('/contacts').set('Origin', 'https://evil.example');
  expectAnswer(await foreign, 405, bodyOf('OPTIONS', contacts), { allow: contacts });
  expectAnswer(await key.put('/contacts'), 405, bodyOf('PUT', contacts), { allow: contacts });
  expectAnswer(await server.http.delete('/contacts/'), 405, bodyOf('DELETE', contacts), { allow: contacts });
  expectAnswer(await server.http.put('/c%6Fntacts?x=1'), 405, bodyOf('PUT', contacts), { allow: contacts });
  const one = 'DELETE, GET, HEAD, PATCH';
  expectAnswer(await server.http.post('/contacts/1'), 405, bodyOf('POST', one), { allow: one });
  expectAnswer(await server.http.post('/healthz'), 405, bodyOf('POST', 'GET, HEAD'), { allow: 'GET, HEAD' });
});

it('409 names the value that exists already', async () => {
  const create = () =>
    server.as(partner.key).post('/partner/v1/orgs').send({ name: 'Acme', external_id: 'customer-12345' });
  await create().expect(201);
  const taken = '{"statusCode":409,"message":"Org with external_id \\"customer-12345\\" already exists"}';
  expectAnswer(await create(), 409, taken);

  const contact = () => key.post('/contacts').send({ contact: { email: 'jane@example.com' } });
  await contact().expect(201);
  expectAnswer(
    await contact(),
    409,
    '{"statusCode":409,"message":"Contact with this email already exists","code":"taken"}',
  );
});

describe('400', () => {
  const SENTENCES = ['b is not a known field', 'name is required'];

  it('of partner routes has exactly two fields, however the URL spells the route', async () => {
    const body = JSON.stringify({ statusCode: 400, message: SENTENCES.join('; ') });
    for (const path of ['/partner/v1/orgs', '/partner/v1/orgs/', '/%70artner/v1/orgs']) {
      expectAnswer(await server.as(partner.key).post(path).send({ b: 1 }), 400, body);
    }
    const broken = server.as(partner.key).post('/partner/v1/orgs').set('Content-Type', 'application/json').send('{');
    expectAnswer(await broken, 400, '{"statusCode":400,"message":"The body is not valid JSON."}');
  });

  it('of other routes names each field, and has an empty list if no field is at fault', async () => {
    const sentences = ['b is not a known field', 'tag_name is required'];
    const errors = sentences.map((message) => ({ field: message.split(' ')[0], message }));
    const body = JSON.stringify({ statusCode: 400, message: sentences.join('; '), errors, code: 'invalid_request' });
    expectAnswer(await key.put('/tags').send({ b: 1 }), 400, body);
    const broken = key.put('/tags').set('Content-Type', 'application/json').send('{');
    expectAnswer(
      await broken,
      400,
      '{"statusCode":400,"message":"The body is not valid JSON.","errors":[],"code":"malformed_json"}',
    );
  });
});

it('413, 414 and 415 say what the server takes', async () => {
  const large = await key.put('/tags').send({ tag_name: 'x'.repeat(1024 * 1024) });
  expectAnswer(large, 413, '{"statusCode":413,"message":"The body is too large.","code":"body_too_large"}');
  const long = await key.get(`/contacts/${'x'.repeat(1_025)}`);
  expectAnswer(long, 414, '{"statusCode":414,"message":"The URL is too long.","code":"url_too_long"}');
  const other = await key.put('/tags').type('form').send('tag_name=x');
  expectAnswer(
    other,
    415,
    '{"statusCode":415,"message":"Content-Type must be application/json.","code":"unsupported_media_type"}',
  );
});
