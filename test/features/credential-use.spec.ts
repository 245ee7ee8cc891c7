import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countryDatabase } from '../support/country-database.js';
import { createKey, type Signed, signedInAs } from '../support/manage.js';
import { newService } from '../support/services.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let server: TestServer;
let org: TestOrg;
let admin: Signed;
const folder = temporaryFolder();

beforeAll(async () => {
  const path = join(folder, 'countries.mmdb');
  await writeFile(path, countryDatabase({ '203.0.113.0/24': 'NL' }));
  server = await TestServer.start({ COUNTRY_FILE: path });
});
afterAll(() => server.close());
beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

async function credentialsOf(id: string) {
  const { body } = await admin.get(`/manage/v1/api-keys/${id}/credentials`).expect(200);
  return (body as { items: { id: string; is_current: boolean; last_used: Record<string, unknown> | null }[] }).items;
}

describe('the credentials of a key', () => {
  it('show after a rotation where each was last used, and by whom', async () => {
    const key = await createKey(admin, { access: 'full' });
    const call = (token: string, path: string, from: string, agent: string) =>
      server.as(token).get(path).set({ 'X-Forwarded-For': from, 'User-Agent': agent });
    await call(key.api_key, '/whoami', '198.51.100.7', 'earlier/1.0').expect(200);
    const rotated = (await admin.post(`/manage/v1/api-keys/${key.id}/rotate`).send({}).expect(200)).body;
    expect(await credentialsOf(key.id)).toMatchObject([
      { is_current: true, rotated_at: null, retires_at: null, last_used: null },
      { is_current: false, last_used: { user_agent: 'earlier/1.0' } },
    ]);
    const before = Date.now();
    await call(rotated.api_key, `/contacts/${randomUUID()}`, '203.0.113.24', 'sync/2.0').expect(404);
    await call(key.api_key, '/tags', '203.0.113.25, 198.51.100.8', 'old job').expect(200);
    const [current, old] = await credentialsOf(key.id);
    expect(current!.last_used).toEqual({
      at: expect.any(String),
      client_address: '203.0.113.24',
      country: 'NL',
      user_agent: 'sync/2.0',
      route: '/contacts/{id}',
      service: null,
    });
    expect(Date.parse(current!.last_used!['at'] as string)).toBeGreaterThanOrEqual(before);
    expect(old!.last_used).toMatchObject({
      client_address: '198.51.100.8',
      country: null,
      user_agent: 'old job',
      route: '/tags',
    });
  });

  it('name the service and the route of a request that a door let in', async () => {
    const routes = [{ methods: ['GET'], path: '/trips/{id}', needs: '{resource}:read' }];
    const service = await newService(server, { routes, fullAccess: 'all' });
    const key = await createKey(admin, { access: 'full' });
    const asked = { credential: { bearer: key.api_key }, method: 'GET', path: '/trips/7?seat=12', ip: '203.0.113.4' };
    await server.as(service.key).post('/v1/verify').send(asked).expect(200);
    expect(await credentialsOf(key.id)).toMatchObject([
      {
        last_used: {
          client_address: '203.0.113.4',
          user_agent: null,
          route: '/trips/{id}',
          service: service.slug,
        },
      },
    ]);
  });

  it('keep no credential that a client sends as its User-Agent', async () => {
    const key = await createKey(admin, { access: 'full' });
    await server.as(key.api_key).get('/whoami').set('User-Agent', `job ${key.api_key}`).expect(200);
    const [credential] = await credentialsOf(key.id);
    expect(credential!.last_used).toMatchObject({ user_agent: `job ocx_live_…${key.api_key.slice(-4)}` });
  });

  it('are not those of another org', async () => {
    const key = await createKey(admin);
    const other = await signedInAs(server, await server.newOrg(), 'Owner');
    await other.get(`/manage/v1/api-keys/${key.id}/credentials`).expect(404);
    await other.get(`/manage/v1/api-keys/${key.id}/scopes`).expect(404);
  });
});
