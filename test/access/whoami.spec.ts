import { expect, it } from 'vitest';
import { TestServer } from '../support/start-app.js';

const server = TestServer.forSuite();

it('whoami describes the key without its secret', async () => {
  const org = await server.newOrg();
  const { id, key } = await server.newOrgKey(org, { name: 'Production', scopes: ['tags:read'] });
  const { body } = await server.as(key).get('/whoami').expect(200);
  expect(body).toMatchObject({
    id,
    org_id: org.id,
    name: 'Production',
    kind: 'bearer',
    type: 'standard',
    access: 'scoped',
    scopes: ['tags:read'],
    state: 'active',
    rate_limit: { per_minute: 1_000_000, per_hour: 1_000_000 },
  });
  expect(JSON.stringify(body)).not.toContain(key);
});

it('whoami refuses partner keys and sessions with 401', async () => {
  const org = await server.newOrg();
  await server.as(org.partner.key).get('/whoami').expect(401);
  await server
    .signedIn(await server.newSession(org))
    .get('/whoami')
    .expect(401);
});
