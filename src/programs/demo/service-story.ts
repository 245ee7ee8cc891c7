import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../core/config/setting-reader.js';
import { showCommand } from './gatehouse.js';
import { startGuardedService } from './guarded-service.js';
import { call, say, type Expectation, type Reply } from './transcript.js';

const DECLARATION = `service: billing
label: Billing
resources:
  invoices: { label: Invoices, actions: [read, write] }
routes:
  - GET /invoices/** invoices:read
  - POST,PATCH /invoices/** invoices:write
  - GET /status public (health page)
`;

/** Puts a small service behind forward-auth, and calls it. */
export async function guardService(
  url: string,
  environment: Environment,
  createKey: (settings: object) => Promise<Reply>,
): Promise<void> {
  say('A service of your own: its scopes and routes are a document.');
  const file = join(environment['DATA_DIR']!, 'billing.yaml');
  await writeFile(file, DECLARATION);
  console.log(DECLARATION);
  await showCommand(environment, 'service', 'apply', '-f', file);
  say('A key of the org that may read invoices, and nothing else.');
  const { body } = await createKey({ name: 'Invoice viewer', scopes: ['invoices:read'] });

  const key = body['api_key']!;
  const lacks = 'This API key does not have the required scope: "invoices:write".';
  const closed = 'No route of service "billing" matches GET /admin.';
  const front = await startGuardedService(url);
  const request = (method: string, path: string, expected: Expectation, headers: Record<string, string> = {}) =>
    call({ method, url: front + path, headers }, expected);
  const authorization = { Authorization: `Bearer ${key}` };
  say(
    'The service runs behind a proxy that asks Gatehouse about each request. It learns who calls, and checks nothing.',
  );
  await request(
    'GET',
    '/invoices/7',
    { status: 200, body: { path: '/invoices/7', key: 'Invoice%20viewer' } },
    authorization,
  );
  say('A POST never reaches it, because the key lacks the scope.');
  await request('POST', '/invoices', { status: 403, body: { message: lacks } }, authorization);
  say('A path that no route declares is closed.');
  await request('GET', '/admin', { status: 403, body: { message: closed } }, authorization);
  say('The public page is open without a key.');
  await request('GET', '/status', { status: 200, body: { path: '/status' } });
  say('Everything else is not.');
  await request('GET', '/invoices/7', { status: 401 });
  say('This is what the proxy asked for the first of these requests.');
  const asked = {
    'X-Forwarded-Method': 'GET',
    'X-Forwarded-Uri': '/invoices/7',
    'X-Forwarded-For': '127.0.0.1',
    ...authorization,
  };
  await call({ method: 'GET', url: `${url}/v1/forward-auth/billing`, headers: asked }, { status: 200 });
  console.log('\ndocs/your-own-service.md has the configuration of nginx, Caddy, Traefik and Envoy.');
}
