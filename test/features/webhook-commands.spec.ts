import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { NewManagedWebhook } from '../../src/kit/webhooks/managed-webhook.dto.js';
import { gatehouse } from '../support/gatehouse.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { StubServer } from '../support/stub-server.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { deliveriesTo, verified } from '../support/webhook-receiver.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
let server: TestServer;
let receiver: StubServer;
let org: TestOrg;
beforeAll(async () => {
  receiver = await StubServer.start('127.0.0.1');
  receiver.answers(204);
  server = await TestServer.start({ ENCRYPTION_KEY, OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}` });
});
afterAll(() => Promise.all([server.close(), receiver.close()]));
beforeEach(async () => {
  org = await server.newOrg();
});

const run = (...args: string[]) =>
  gatehouse({ LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY }, 'webhook', ...args);
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

it('the commands manage the endpoints of each owner', async () => {
  for (const owner of [['--org', org.id], ['--partner', org.partner.id], []]) {
    const url = `${receiver.url}/${owner[0] ?? 'installation'}`;
    const created = await run('create', ...owner, '--url', url, '--event', 'api_key.*', '--event', 'org.*');
    expect(created.stdout).toMatch(/^Endpoint [0-9a-f-]{36}\. Its secret is not shown again:\nwhsec_[\w+/]{43}=\n$/);
    const id = /[0-9a-f-]{36}/.exec(created.stdout)![0];
    const { items } = await json<{ items: object[] }>('list', ...owner);
    expect(items).toMatchObject([{ id, url, events: ['api_key.*', 'org.*'], is_enabled: true }]);
    const changed = await json('update', id, ...owner, '--description', 'Ops', '--enabled', 'false');
    expect(changed).toMatchObject({ description: 'Ops', is_enabled: false, events: ['api_key.*', 'org.*'] });
    expect(await run('test', id, ...owner)).toMatchObject({ code: 1, stderr: expect.stringContaining('is disabled') });
    await json('update', id, ...owner, '--enabled', 'true');
    const rotated = await json<NewManagedWebhook>('rotate-secret', id, ...owner, '--grace', '0');
    const test = await json<{ id: string }>('test', id, ...owner);
    const [request] = await deliveriesTo(receiver, new URL(url).pathname, 1);
    expect(verified(request!, rotated.signing_secret!)).toMatchObject({ type: 'webhook.test' });
    await json('replay', id, ...owner, '--delivery', test.id);
    await deliveriesTo(receiver, new URL(url).pathname, 2);
    expect(await json('replay', id, ...owner, '--since', '2026-01-01T00:00:00Z')).toEqual({ replayed: 0 });
    expect((await run('deliveries', id, ...owner)).stdout).toContain(`${test.id}  `);
    expect(await json('deliveries', id, ...owner, '--status', 'failed')).toEqual({ items: [] });
    expect(await json('delete', id, ...owner)).toEqual({ id, deleted: true });
    expect((await run('delete', id, ...owner)).stderr).toContain('Webhook endpoint not found');
  }
});

it('a change by another command makes an event, which a server sends', async () => {
  const { id, signing_secret } = await json<NewManagedWebhook>(
    ...['create', '--partner', org.partner.id, '--url', `${receiver.url}/changes`, '--event', 'org.created'],
  );
  const made = await gatehouse(
    { LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY },
    ...['org', 'create', '--name', 'By hand', '--partner', org.partner.id, '--json'],
  );
  const [request] = await deliveriesTo(receiver, '/changes', 1);
  expect(verified(request!, signing_secret!)).toMatchObject({
    type: 'org.created',
    org_id: (JSON.parse(made.stdout) as { id: string }).id,
    data: { name: 'By hand' },
    actor: { type: 'operator', id: null, name: 'operator' },
  });
  await json('delete', id, '--partner', org.partner.id);
});

it('a wrong owner, URL or time is one line on stderr', async () => {
  expect(await run('list', '--org', UNKNOWN_ID)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Org not found'),
  });
  const url = await run('create', '--url', 'ftp://a.example');
  expect(url).toMatchObject({ code: 1, stderr: expect.stringContaining('must be an https URL') });
  const since = await run('replay', UNKNOWN_ID, '--since', 'yesterday');
  expect(since).toMatchObject({ code: 1, stderr: expect.stringContaining('since must be') });
});
