import { beforeAll, expect, it } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { Partners } from '../../src/tenancy/partners/partners.service.js';
import { newLoginLink } from '../support/login-links.js';
import { TestServer, type TestOrg } from '../support/start-app.js';

const PUBLIC_URL = 'https://api.acme.example';
const DASHBOARD_URL = 'https://app.acme.example';

const server = TestServer.forSuite({ PUBLIC_URL, DASHBOARD_URL, LOGIN_LINK_CONFIRM: 'true' });
let org: TestOrg;
beforeAll(async () => {
  org = await server.newOrg();
});

const signIn = (token: string, origin: string) =>
  server.http.post('/session/login-link').set('Origin', origin).send({ token });

it('login links lead to DASHBOARD_URL, and with LOGIN_LINK_CONFIRM a visit asks for confirmation first', async () => {
  const path = `/partner/v1/orgs/${org.id}/login-links`;
  const body = { email: 'jane@acmetours.example' };
  const { url } = (await server.as(org.partner.key).post(path).send(body).expect(201)).body as { url: string };
  expect(url).toMatch(/^https:\/\/app\.acme\.example\/partner-login\?token=[0-9a-f]{64}$/);
  const { pathname, search, searchParams } = new URL(url);
  for (let visit = 0; visit < 3; visit++) {
    const { text, headers } = await server.http
      .get(pathname + search)
      .set('Sec-Fetch-Dest', 'document')
      .expect(200);
    expect(text).toContain('<button');
    expect(headers['set-cookie']).toBe(undefined);
  }
  await signIn(searchParams.get('token')!, DASHBOARD_URL).expect(200);
  await server.http.get(pathname + search).expect(410);
});

it('a partner can disable the confirmation of login links', async () => {
  const other = await server.newOrg();
  await server.app.get(Partners).update(OPERATOR, other.partner.id, { confirm_login_links: false });
  const { path } = await newLoginLink(server, other);
  await server.http.get(path).redirects(0).expect(303);
});

it('the session cookie has the __Host- prefix, and no other cookie signs in', async () => {
  const { token } = await newLoginLink(server, org);
  const { headers } = await signIn(token, PUBLIC_URL).expect(200);
  const [cookie] = headers['set-cookie'] as unknown as string[];
  expect(cookie).toMatch(
    /^__Host-gatehouse_session=[0-9a-f]{64}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
  );
  const [pair] = cookie!.split(';') as [string];
  await server.http.get('/session').set('Cookie', pair).expect(200);
  await server.http.get('/session').set('Cookie', pair.replace('__Host-', '')).expect(401);
  const signedOut = await server.http
    .delete('/session')
    .set({ Cookie: pair, 'X-Requested-With': 'gatehouse', Origin: DASHBOARD_URL })
    .expect(204);
  expect(signedOut.headers['set-cookie']).toEqual([
    '__Host-gatehouse_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
  ]);
});

it('the same host without https is another origin', async () => {
  const { token } = await newLoginLink(server, org);
  for (const origin of ['http://api.acme.example', 'http://app.acme.example', 'https://acme.example']) {
    await signIn(token, origin).expect(403);
  }
  await signIn(token, DASHBOARD_URL).expect(200);
});
