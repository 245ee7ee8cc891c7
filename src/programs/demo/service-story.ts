import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../core/config/setting-reader.js';
import { showCommand } from './gatehouse.js';
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
/** An address that is nobody's (RFC 5737). */
const CLIENT_ADDRESS = '203.0.113.7';

/** Guards a service of the visitor, by the questions that a proxy asks before it passes a request on. */
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

  const asProxy = (method: string, path: string, expected: Expectation, key?: string) => {
    const headers = {
      'X-Original-Method': method,
      'X-Original-URI': path,
      'X-Forwarded-For': CLIENT_ADDRESS,
      ...(key !== undefined && { Authorization: `Bearer ${key}` }),
    };
    return call({ method: 'GET', url: `${url}/v1/forward-auth/billing`, headers }, expected);
  };
  const key = body['api_key']!;
  const lacks = 'This API key does not have the required scope: "invoices:write".';
  say('What nginx asks before it passes a request with this key on: GET /invoices/7 may pass.');
  await asProxy('GET', '/invoices/7', { status: 200 }, key);
  say('POST /invoices may not, because the key lacks the scope.');
  await asProxy('POST', '/invoices', { status: 403, body: { message: lacks } }, key);
  say('A path that no route declares is closed.');
  const closed = 'No route of service "billing" matches GET /admin.';
  await asProxy('GET', '/admin', { status: 403, body: { message: closed } }, key);
  say('The public page is open without a key.');
  await asProxy('GET', '/status', { status: 200 });
  say('Everything else is not.');
  await asProxy('GET', '/invoices/7', { status: 401 });
  console.log('\ndocs/your-own-service.md has the configuration of the proxy.');
}
