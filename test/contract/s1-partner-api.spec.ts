import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { Partners } from '../../src/tenancy/partners/partners.service.js';
import { burstOf, statusCounts } from '../support/burst.js';
import { PUBLIC_URL, TestServer, type TestOrg, type TestPartner } from '../support/start-app.js';
import { newOpaqueKey } from '../support/stored-keys.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const UNAUTHORIZED = { statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' };
const NOT_YOURS = { statusCode: 403, message: 'Org does not belong to this partner.', code: 'org_not_yours' };

const server = TestServer.forSuite();
let org: TestOrg;
beforeAll(async () => {
  org = await server.newOrg();
});

const as = (partner: TestPartner) => server.as(partner.key);
const list = (key: string) => server.as(key).get('/partner/v1/orgs');

/** Every call on one org [S1], with a valid body. */
const orgScoped = (key: string, orgId: string) => [
  server.as(key).post(`/partner/v1/orgs/${orgId}/api-keys`).send({ name: 'Production' }),
  server
    .as(key)
    .post(`/partner/v1/orgs/${orgId}/login-links`)
    .send({ email: 'owner@acmetours.com', name: 'Jane Smith' }),
];

describe('authentication of partner routes', () => {
  it('refuses org keys, JWT and opaque, with 401', async () => {
    const keys = [(await server.newOrgKey(org)).key, (await newOpaqueKey(server, org.id)).key, '', 'x'];
    for (const key of keys) expect((await list(key).expect(401)).body).toEqual(UNAUTHORIZED);
    for (const path of ['/contacts', '/whoami']) await as(org.partner).get(path).expect(401);
  });

  it('refuses missing and revoked partner keys with 401 on every call', async () => {
    const { id } = await server.newPartner();
    const { key, token } = await server.app.get(ApiKeys).createForPartner(OPERATOR, id);
    expect(decodeJwt(token)).toMatchObject({ aud: 'partner', sub: id });
    await list(token).expect(200);
    await server.app.get(ApiKeys).revoke(OPERATOR, { partnerId: id }, key.id);
    expect((await list(token).expect(401)).body).toEqual(UNAUTHORIZED);
    await server.http.get('/partner/v1/orgs').expect(401);
    for (const call of orgScoped(token, org.id)) expect((await call.expect(401)).body).toEqual(UNAUTHORIZED);
  });

  it('refuses addresses outside the IP allow list with 403, and accepts any address without a list', async () => {
    const partner = await server.newPartner({ allowed_ips: ['203.0.113.0/24', '2001:db8::/32'] });
    const from = (address: string) => list(partner.key).set('X-Forwarded-For', address);
    await from('203.0.113.7').expect(200);
    await from('2001:db8::7').expect(200);
    await from('198.51.100.1, 203.0.113.7').expect(200);
    const { body } = await from('203.0.113.7, 198.51.100.1').expect(403);
    expect(body).toEqual({
      statusCode: 403,
      message: 'IP address 198.51.100.1 is not allowed.',
      code: 'ip_not_allowed',
    });
    await list(partner.key).expect(403);
    await list(org.partner.key).set('X-Forwarded-For', '198.51.100.1').expect(200);
  });

  it('refuses the keys of an inactive partner with 401', async () => {
    const partner = await server.newPartner();
    await list(partner.key).expect(200);
    await server.app.get(Partners).update(OPERATOR, partner.id, { is_active: false });
    expect((await list(partner.key).expect(401)).body).toEqual(UNAUTHORIZED);
  });

  it('answers the same 403 for an org of another partner, an unknown org and a malformed id', async () => {
    const theirs = await server.newOrg();
    const ids = [theirs.id, UNKNOWN_ID, 'ORG_ID', '%00', "1'--", 'a'.repeat(500)];
    for (const id of ids) {
      for (const call of orgScoped(org.partner.key, id)) expect((await call.expect(403)).body).toEqual(NOT_YOURS);
      const path = `/partner/v1/orgs/${id}`;
      const empty = [
        as(org.partner).post(`${path}/login-links`).send('nonsense').type('json'),
        as(org.partner).get(path),
      ];
      const others = [as(org.partner).patch(path).send({ name: '' }), as(org.partner).delete(path)];
      const more = [as(org.partner).get(`${path}/api-keys`), as(org.partner).get(`${path}/roles`)];
      for (const call of [...empty, ...others, ...more]) expect((await call.expect(403)).body).toEqual(NOT_YOURS);
    }
    await as(theirs.partner).get(`/partner/v1/orgs/${theirs.id}`).expect(200);
  });
});

describe('listing orgs', () => {
  it('returns the orgs of the partner, newest first', async () => {
    const partner = await server.newPartner();
    const names = Array.from({ length: 12 }, (_, index) => `Org ${index}`);
    for (const name of names) await as(partner).post('/partner/v1/orgs').send({ name }).expect(201);
    const page = async (query: string) => (await as(partner).get(`/partner/v1/orgs${query}`).expect(200)).body;
    const first = await page('?limit=10&offset=0');
    expect(Object.keys(first)).toEqual(['data', 'total']);
    expect(Object.keys(first.data[0])).toEqual(['id', 'name', 'widget_token', 'external_id', 'created_at']);
    expect(first.data[0].created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(first.total).toBe(12);
    const rest = await page('?limit=10&offset=10');
    expect([...first.data, ...rest.data].map(({ name }) => name)).toEqual(names.reverse());
    expect(await page('?offset=12')).toEqual({ data: [], total: 12 });
    expect(await page('')).toEqual({ data: [...first.data, ...rest.data], total: 12 });
  });

  it('takes a limit of 1 to 100, default 50, and an offset of 0 or more', async () => {
    const partner = await server.newPartner();
    const body = { name: 'Acme Tours' };
    const headers = { Authorization: `Bearer ${partner.key}` };
    const made = await burstOf(server.url, 101, { method: 'POST', path: '/partner/v1/orgs', headers, body });
    expect(statusCounts(made)).toEqual({ 201: 101 });
    const counts = [];
    for (const query of ['', '?limit=1', '?limit=100']) {
      counts.push((await as(partner).get(`/partner/v1/orgs${query}`).expect(200)).body.data.length);
    }
    expect(counts).toEqual([50, 1, 100]);
    const bad = ['limit=0', 'limit=101', 'limit=-1', 'limit=1.5', 'limit=ten', 'limit=', 'limit=1e9', 'offset=-1'];
    for (const query of [...bad, 'offset=99999999999', 'limit=1&limit=2', 'page=2']) {
      const answer = await as(partner).get(`/partner/v1/orgs?${query}`).expect(400);
      expect(Object.keys(answer.body)).toEqual(['statusCode', 'message']);
    }
  });
});

describe('creating an org key', () => {
  it('answers 201 with the two contracted fields', async () => {
    const path = `/partner/v1/orgs/${org.id}/api-keys`;
    const { body } = await as(org.partner).post(path).send({ name: 'Production' }).expect(201);
    expect(Object.keys(body)).toEqual(['api_key_id', 'api_key']);
    expect(body.api_key).toMatch(/^eyJhbGciOi/);
    expect(decodeJwt(body.api_key)).toMatchObject({ aud: 'org', sub: org.id });
    await server.as(body.api_key).get('/contacts').expect(200);
    const listed = (await as(org.partner).get(path).expect(200)).body.data.find(
      (key: { api_key_id: string }) => key.api_key_id === body.api_key_id,
    );
    expect(listed).toMatchObject({ name: 'Production', expires_at: null, revoked_at: null });
    expect(listed.masked_key).toBe(`eyJhbGci…${body.api_key.slice(-4)}`);
  });

  it('defaults the name to "Default", with or without a body', async () => {
    const path = `/partner/v1/orgs/${(await server.newOrg(org.partner)).id}/api-keys`;
    for (const body of [{}, { name: null }, undefined]) await as(org.partner).post(path).send(body).expect(201);
    const { data } = (await as(org.partner).get(path).expect(200)).body;
    expect(data.map(({ name }: { name: string }) => name)).toEqual(['Default', 'Default', 'Default']);
  });
});

describe('creating a login link', () => {
  it('answers 201 with a URL that works once within 15 minutes', async () => {
    const path = `/partner/v1/orgs/${org.id}/login-links`;
    const sent = { email: 'owner@acmetours.com', name: 'Jane Smith' };
    const { body } = await as(org.partner).post(path).send(sent).expect(201);
    expect(Object.keys(body)).toEqual(['url', 'expires_at']);
    expect(body.url).toMatch(/\/partner-login\?token=[0-9a-f]{64}$/);
    expect(body.url.startsWith(PUBLIC_URL)).toBe(true);
    expect(Math.abs(Date.parse(body.expires_at) - Date.now() - 15 * 60_000)).toBeLessThan(30_000);
    const visit = () => server.http.get(new URL(body.url).pathname + new URL(body.url).search).redirects(0);
    const { headers } = await visit().expect(303);
    const page = await server.http
      .get('/session')
      .set('Cookie', String(headers['set-cookie']).split(';')[0]!)
      .expect(200);
    expect(page.body).toMatchObject({ user: sent, org: { id: org.id, name: 'Acme Tours' }, role: { name: 'Owner' } });
    await visit().expect(410);
  });
});
