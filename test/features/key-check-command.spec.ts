import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
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
  admin = await signedInAs(server, org, 'Admin');
});

const run = (...args: string[]) =>
  gatehouse({ LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY }, 'key', 'check', ...args);

describe('gatehouse key check', () => {
  it('prints the answer of each guard and what would mend a refusal, and fails where the key is refused', async () => {
    const { id } = await createKey(admin, { scopes: ['tags:read'] });
    expect(await run('--key', id, '--method', 'PUT', '--path', '/tags')).toEqual({
      code: 1,
      stderr:
        'gatehouse: the request is refused with 403: This API key does not have the required scope: "tags:write".\n',
      stdout: `PUT /tags
GUARD           ANSWER  REASON
authentication  pass                   The key is active.
network         pass                   The key works from anywhere.
partner_active  pass                   The partner is active.
rate_limit      skip                   How full the limits are then is not known here.
scope           refuse  scope_missing  This API key does not have the required scope: "tags:write".

The request is refused.
- Grant "tags:write" to the key. (Admin)
`,
    });
    const allowed = await run('--key', id, '--method', 'GET', '--path', '/tags');
    expect(allowed).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('The request is allowed.') });
  });

  it('says the same as the API, but for the limits, which the servers count', async () => {
    const service = await newService(server, {
      routes: [{ methods: ['GET'], path: '/invoices/{id}', needs: '{resource}:read' }],
    });
    const { id } = await createKey(admin, { scopes: ['tags:read'], allowed_ips: ['203.0.113.0/24'] });
    const questions = [
      { method: 'GET', path: '/tags', ip: '203.0.113.9' },
      { method: 'GET', path: '/tags', ip: '198.51.100.7' },
      { scope: 'tags:write', at: '2100-01-01T00:00:00.000Z' },
      { method: 'GET', path: '/invoices/7', service: service.slug },
      { method: 'GET', path: '/no/such/path' },
    ];
    for (const question of questions) {
      const asked = { ...question, at: question.at ?? new Date().toISOString() };
      const options = Object.entries(asked).flatMap(([name, value]) => [`--${name}`, value]);
      const command = JSON.parse((await run('--key', id, ...options, '--json')).stdout);
      const { body } = await admin.post(`/manage/v1/api-keys/${id}/check`).send(asked).expect(200);
      const withoutLimits = ({ guards, ...rest }: { guards: { guard: string }[] }) => ({
        ...rest,
        guards: guards.filter(({ guard }) => guard !== 'rate_limit'),
      });
      expect(withoutLimits(command)).toEqual(withoutLimits(body));
    }
  });

  it('answers for keys of partners', async () => {
    const { rows } = await server.database.query('SELECT id FROM api_keys WHERE partner_id = $1', [org.partner.id]);
    const args = ['--key', rows[0]!['id'] as string, '--method', 'POST', '--path'];
    expect(await run(...args, '/partner/v1/orgs')).toMatchObject({ code: 0 });
    expect((await run(...args, '/contacts')).stdout).toContain('The route takes a bearer key of an organization.');
  });

  it('is refused without a question, for an unknown key, and with an invalid address', async () => {
    const { id } = await createKey(admin);
    const path = 'path is required where there is no scope';
    expect(await run('--key', id)).toMatchObject({ code: 1, stderr: `gatehouse: ${path}\n` });
    const question = ['--scope', 'tags:read'];
    expect(await run('--key', UNKNOWN_ID, ...question)).toMatchObject({ stderr: 'gatehouse: API key not found\n' });
    expect((await run('--key', id, ...question, '--ip', 'here')).stderr).toContain('must be an IPv4 or IPv6 address');
  });
});
