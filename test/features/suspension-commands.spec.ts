import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gatehouse } from '../support/gatehouse.js';
import { createKey, type Signed, signedInAs } from '../support/manage.js';
import { newService } from '../support/services.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const server = TestServer.forSuite({ ENCRYPTION_KEY });
let org: TestOrg;
let admin: Signed;
beforeAll(async () => {
  org = await server.newOrg();
});
beforeEach(async () => {
  admin = await signedInAs(server, org, 'Admin');
});

const run = (...args: string[]) =>
  gatehouse({ LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY }, ...args);
const done = (stdout: string) => ({ code: 0, stderr: '', stdout });

describe('gatehouse key suspend and key resume', () => {
  it('are in force in the running server once they have ended, for a key of an org and of a partner', async () => {
    const { id, api_key } = await createKey(admin);
    await server.as(api_key).get('/whoami').expect(200);
    expect(await run('key', 'suspend', id)).toEqual(done(`Key ${id} is suspended.\n`));
    await server.as(api_key).get('/whoami').expect(401);
    expect(JSON.parse((await run('key', 'resume', id, '--json')).stdout)).toEqual({ api_key_id: id, suspended: false });
    await server.as(api_key).get('/whoami').expect(200);

    const partner = await server.newPartner();
    const { items } = JSON.parse((await run('partner', 'key', 'list', '--partner', partner.id, '--json')).stdout);
    const keyId = items[0].api_key_id as string;
    await run('key', 'suspend', keyId);
    await server.as(partner.key).get('/partner/v1/orgs').expect(401);
    expect((await run('partner', 'key', 'list', '--partner', partner.id)).stdout).toContain(`${keyId}  suspended`);
    await run('key', 'resume', keyId);
    await server.as(partner.key).get('/partner/v1/orgs').expect(200);
  });

  it('fail for a revoked and an unknown key', async () => {
    const { id } = await createKey(admin);
    await admin.post(`/manage/v1/api-keys/${id}/revoke`).expect(200);
    expect(await run('key', 'resume', id)).toMatchObject({
      code: 1,
      stderr: 'gatehouse: This API key is revoked and cannot be changed.\n',
    });
    for (const unknown of [UNKNOWN_ID, 'x']) {
      expect(await run('key', 'suspend', unknown)).toMatchObject({ code: 1, stderr: 'gatehouse: API key not found\n' });
    }
  });
});

describe('gatehouse org suspend and org resume', () => {
  it('are in force in the running server once they have ended, and shown in the list', async () => {
    const other = await server.newOrg();
    const { key } = await server.newOrgKey(other);
    const suspended = JSON.parse((await run('org', 'suspend', other.id, '--json')).stdout);
    expect(suspended).toMatchObject({ id: other.id, suspended_by: 'operator' });
    await server.as(key).get('/whoami').expect(401);
    expect((await run('org', 'list')).stdout).toContain(`${other.id}  suspended`);
    await server.as(other.partner.key).post(`/partner/v1/orgs/${other.id}/resume`).expect(409);
    expect(await run('org', 'resume', other.id)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/active\.\n$/),
    });
    await server.as(key).get('/whoami').expect(200);
    expect(await run('org', 'suspend', UNKNOWN_ID)).toMatchObject({ code: 1, stderr: 'gatehouse: Org not found\n' });
  });
});

describe('gatehouse service suspend and service resume', () => {
  it('are in force in the running server once they have ended, and shown in the list', async () => {
    const { slug, key } = await newService(server, { routes: [{ methods: ['GET'], path: '/a', needs: 'any-key' }] });
    const { api_key } = await createKey(admin);
    const ask = async () => {
      const question = { credential: { bearer: api_key }, method: 'GET', path: '/a' };
      return (await server.as(key).post('/v1/verify').send(question).expect(200)).body.code as string;
    };
    expect(await ask()).toBe('valid');
    expect(await run('service', 'suspend', slug)).toEqual(done(`Service ${slug} is suspended.\n`));
    expect(await ask()).toBe('service_suspended');
    expect((await run('service', 'list')).stdout).toMatch(new RegExp(`${slug} +suspended`));
    expect(await run('service', 'resume', slug)).toEqual(done(`Service ${slug} is active.\n`));
    expect(await ask()).toBe('valid');
    expect(await run('service', 'suspend', 'none')).toMatchObject({
      code: 1,
      stderr: 'gatehouse: Service not found\n',
    });
  });
});
