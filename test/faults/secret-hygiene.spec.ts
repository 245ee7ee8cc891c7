import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestOf } from '../../src/access/credentials/credential-format.js';
import { type Answer, type Ask, HttpClient } from '../support/http-client.js';
import { Github } from '../support/github.js';
import { Installation } from '../support/installation.js';
import type { ServerProcess } from '../support/server-process.js';
import { StubServer } from '../support/stub-server.js';
import { until } from '../support/until.js';
import { tagBlock } from '../support/workflows.js';

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** The path of an endpoint of webhooks at the provider. */
const HOOK = '/hook';

let installation: Installation;
let server: ServerProcess;
/** The provider of an integration. */
let provider: StubServer;
let github: Github;
/** Every secret, by description. */
const secrets: Record<string, string> = {};
/** Tokens in URLs that the API returns again, with the tables that may contain them. */
const links: Record<string, { readonly text: string; readonly tables: readonly string[] }> = {};
/** Bodies of errors, lists and exports. */
const answers: string[] = [];
let metrics: string;

beforeAll(async () => {
  installation = await Installation.create();
  provider = await StubServer.start();
  github = await Github.start();
  server = await installation.startServer({
    LOG_LEVEL: 'debug',
    REQUEST_LOG: 'all',
    ...github.settings,
    OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${provider.port},127.0.0.1:${github.stub.port}`,
    INTEGRATION_BASE_URLS: `fareharbor=${provider.url}`,
  });
  const { ENCRYPTION_KEY, DATABASE_URL } = installation.settings;
  secrets['encryption key'] = ENCRYPTION_KEY!;
  secrets['password of the database'] = new URL(DATABASE_URL!).password;
  secrets['partner key'] = installation.partnerKey;
  const orgId = await mintThroughTheApi();
  await mintAsMember();
  await makeTrunks();
  await makeActionCredential();
  await connectProvider();
  await makeLinks();
  await useEachEverywhere(orgId);
  await reportAll();
  metrics = (await ask(installation.partner, { path: '/metrics' })).body;
  // Stopping flushes usage counts and writes the last log lines.
  await server.stop();
});
afterAll(async () => {
  await provider.close();
  await github.close();
  await installation.close();
});

async function ask(client: HttpClient, request: Ask): Promise<Answer> {
  const answer = await client.ask(server.url, request);
  if (answer.status >= 400) answers.push(answer.body);
  return answer;
}

/** Creates an org with keys, login links and a session. Returns its id. */
async function mintThroughTheApi(): Promise<string> {
  const { partner } = installation;
  const orgId = await installation.newOrg(server);
  const keys = `/partner/v1/orgs/${orgId}/api-keys`;
  const headers = { 'Idempotency-Key': randomUUID() };
  const created = await ask(partner, { method: 'POST', path: keys, headers, body: { scopes: ['contacts:read'] } });
  secrets['org key'] = JSON.parse(created.body).api_key;
  const again = await ask(partner, { method: 'POST', path: keys, headers, body: { scopes: ['contacts:read'] } });
  expect(again.body).toBe(created.body);

  const link = { method: 'POST', path: `/partner/v1/orgs/${orgId}/login-links`, body: { email: 'sam@example.com' } };
  const { pathname, search, searchParams } = new URL(JSON.parse((await ask(partner, link)).body).url);
  secrets['used login link'] = searchParams.get('token')!;
  const visitor = new HttpClient();
  const visit = await ask(visitor, { path: pathname + search });
  secrets['session'] = /=([0-9a-f]{64});/.exec(String(visit.headers['set-cookie']))![1]!;
  await ask(visitor, { path: pathname + search });
  visitor.close();
  secrets['open login link'] = new URL(JSON.parse((await ask(partner, link)).body).url).searchParams.get('token')!;
  return orgId;
}

/** Creates a key of each form as a member, and rotates it. */
async function mintAsMember(): Promise<void> {
  const member = new HttpClient();
  const headers = { Cookie: `gatehouse_session=${secrets['session']}`, 'X-Requested-With': 'gatehouse' };
  const make = async (path: string, body: object) => {
    const answer = await ask(member, { method: 'POST', path: `/manage/v1/${path}`, headers, body });
    expect(answer.status).toBeLessThan(300);
    return JSON.parse(answer.body) as Record<'id' | 'api_key' | 'api_secret' | 'signing_secret', string>;
  };
  const agent = await make('agents', { name: 'Receptionist' });
  // It hears of each key that follows.
  const webhook = { url: `${provider.url}${HOOK}`, events: ['*'] };
  const endpoint = await make('webhooks', webhook);
  const rotated = await make(`webhooks/${endpoint.id}/rotate-secret`, {});
  secrets['secret of a webhook'] = endpoint.signing_secret;
  secrets['next secret of a webhook'] = rotated.signing_secret;
  const forms = {
    opaque: { access: 'full' },
    typed: { type: 'client' },
    pair: { kind: 'key_secret', agent_id: agent.id, scopes: ['contacts:read'] },
  };
  for (const [form, settings] of Object.entries(forms)) {
    const key = await make('api-keys', { name: form, ...settings });
    const next = await make(`api-keys/${key.id}/rotate`, {});
    secrets[`${form} key`] = key.api_secret ?? key.api_key;
    secrets[`rotated ${form} key`] = next.api_secret ?? next.api_key;
    const credential = { 'X-API-Key': key.api_key, 'X-API-Secret': key.api_secret };
    const sent = key.api_secret ? credential : { Authorization: `Bearer ${key.api_key}` };
    expect((await ask(member, { path: '/whoami', headers: sent })).status).toBe(200);
  }
  for (const path of ['api-keys', 'audit', 'audit.csv', 'webhooks', `webhooks/${endpoint.id}/deliveries`]) {
    const { body } = await ask(member, { path: `/manage/v1/${path}`, headers });
    answers.push(body);
  }
  member.close();
}

/** Creates an inbound and an outbound trunk, lists them, and sends an invalid one. */
async function makeTrunks(): Promise<void> {
  const client = new HttpClient(secrets['rotated opaque key']);
  const post = (path: string, body: object) =>
    ask(client, { method: 'POST', path: `/phone/sip/${path}`, headers: { 'Idempotency-Key': randomUUID() }, body });
  const inbound = await post('inbound-trunk', {});
  secrets['password of an inbound trunk'] = JSON.parse(inbound.body).auth_password;
  const password = randomUUID();
  secrets['password of an outbound trunk'] = password;
  const trunk = { name: 'Carrier', host: 'sip.example', username: 'acme', password, caller_number: '+4930123456' };
  const outbound = await post('outbound-trunks', trunk);
  expect([inbound.status, outbound.status]).toEqual([201, 201]);
  expect((await post('outbound-trunks', { ...trunk, password: `${password}\n` })).status).toBe(400);
  answers.push(outbound.body);
  for (const path of ['inbound-trunk', 'outbound-trunks']) {
    answers.push((await ask(client, { path: `/phone/sip/${path}` })).body);
  }
  client.close();
}

/** Creates a credential of actions, lists it, and sends invalid ones. */
async function makeActionCredential(): Promise<void> {
  const client = new HttpClient(secrets['rotated opaque key']);
  const secret = randomUUID();
  secrets['secret of an action credential'] = secret;
  const credential = { name: 'CRM', type: 'bearer', origin: 'https://crm.example', secret };
  const create = (body: object) =>
    ask(client, { method: 'POST', path: '/action-credentials', headers: { 'Idempotency-Key': randomUUID() }, body });
  const created = await create(credential);
  expect(created.status).toBe(201);
  expect((await create({ ...credential, secret: `${secret}\n` })).status).toBe(400);
  expect((await create(credential)).status).toBe(409);
  answers.push(created.body, (await ask(client, { path: '/action-credentials' })).body);
  client.close();
}

/** Connects an integration once, then with rejected, unreachable and invalid credentials. */
async function connectProvider(): Promise<void> {
  const credentials = { app_key: randomUUID(), user_key: randomUUID() };
  secrets['app key of an integration'] = credentials.app_key;
  secrets['user key of an integration'] = credentials.user_key;
  const body = { name: 'Connected', integrations: { fareharbor: credentials } };
  const request = { method: 'POST', path: '/partner/v1/orgs', headers: { 'Idempotency-Key': randomUUID() }, body };
  provider.answers(200, { companies: [] });
  expect((await ask(installation.partner, request)).status).toBe(201);
  const again = { ...request, headers: {} };
  provider.answers(403);
  expect((await ask(installation.partner, again)).body).toContain('rejected');
  provider.answer = (_request, response) => void response.socket!.destroy();
  expect((await ask(installation.partner, again)).body).toContain('could not be reached');
  const invalid = {
    name: 'Invalid',
    integrations: { fareharbor: { ...credentials, app_key: `${credentials.app_key}\n` } },
  };
  expect((await ask(installation.partner, { ...again, body: invalid })).status).toBe(400);
}

/** Creates a public and a private webhook, a picture, and an attachment. */
async function makeLinks(): Promise<void> {
  const client = new HttpClient(secrets['rotated opaque key']);
  const post = async (path: string, body: object) => {
    const answer = await ask(client, { method: 'POST', path, body });
    expect(answer.status).toBeLessThan(300);
    return JSON.parse(answer.body) as Record<string, string>;
  };
  for (const access_control of ['public', 'private']) {
    const made = await post('/workflows', {
      name: 'Triage',
      trigger_type: 'webhook',
      trigger_configuration: { access_control },
      workflow_blocks: [tagBlock('tag', 'vip')],
    });
    await post(`/workflows/${made['workflow_id']}/activate`, {});
    links[`${access_control} webhook`] = {
      text: made['webhook_url']!.split('/').at(-1)!,
      tables: ['public.workflows'],
    };
  }
  const form = new FormData();
  form.append('file', new Blob([GIF], { type: 'image/gif' }), 'picture.gif');
  const headers = { Authorization: `Bearer ${secrets['rotated opaque key']}` };
  const uploaded = await fetch(`${server.url}/media/upload`, { method: 'POST', headers, body: form });
  const { url } = (await uploaded.json()) as { url: string };
  links['picture'] = { text: new URL(url).pathname.split('/').at(-1)!, tables: ['public.media'] };

  const { id } = await post('/chat/sessions', {});
  const attachments = [{ name: 'x.gif', base64: GIF.toString('base64'), mime_type: 'image/gif' }];
  await post(`/chat/sessions/${id}/send`, { sender: 'contact', message: { type: 'text', attachments } });
  const history = JSON.parse((await ask(client, { path: `/chat/sessions/${id}/history` })).body);
  const signed = new URL(history.items[0].event.attachments[0].url);
  links['attachment'] = { text: signed.pathname.split('/').at(-1)!, tables: [] };
  links['signature of an attachment'] = { text: signed.searchParams.get('signature')!, tables: [] };

  for (const { text } of Object.values(links)) {
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) {
      for (const path of [
        `/workflows/webhooks/${text}`,
        `/workflows/webhooks/${text}/`,
        `/%77orkflows/webhooks/${text}`,
        `/workflows/webhooks/${text}/further`,
        `/workflows/webhooks/${text}%`,
        `/workflows/webhooks/${'x'.repeat(1_100)}${text}`,
        `/media/${text}`,
        `/media/${text}${signed.search}`,
        `/media/x${signed.search}${text}`,
        `/nowhere/${text}?token=${text}#${text}`,
      ]) {
        await ask(client, { method, path, ...(method === 'POST' && { body: {} }) });
      }
    }
    const anonymous = new HttpClient();
    await ask(anonymous, { method: 'POST', path: `/workflows/webhooks/${text}`, body: { text: 1 } });
    await ask(anonymous, { method: 'POST', path: `/workflows/webhooks/${text}`, body: '{' });
    anonymous.close();
  }
  client.close();
}

/** Sends each secret in its proper place, and in places where a mistake may put it. */
async function useEachEverywhere(orgId: string): Promise<void> {
  const partner = installation.partner;
  for (const secret of Object.values(secrets)) {
    const client = new HttpClient(secret);
    const coded = encodeURIComponent(secret);
    for (const path of ['/whoami', '/contacts', '/tags', '/partner/v1/orgs', '/nowhere']) {
      await ask(client, { path });
      await ask(client, { path: `${path}?token=${coded}` });
    }
    await ask(client, { path: '/session', headers: { Cookie: `gatehouse_session=${secret}` } });
    await ask(client, { path: '/whoami', headers: { 'X-API-Key': secret, 'X-API-Secret': secret } });
    await ask(client, { method: 'POST', path: '/session/login-link', body: { token: `${secret}!` } });
    await ask(client, { method: 'POST', path: '/contacts', body: { contact: { email: secret } } });
    await ask(partner, { method: 'POST', path: '/partner/v1/orgs', body: { name: 7, api_key: secret } });
    await ask(partner, {
      method: 'POST',
      path: `/partner/v1/orgs/${orgId}/api-keys`,
      body: { scopes: [`x${secret.slice(0, 3)}`], expires_at: secret },
    });
    client.close();
  }
}

/** Reports each secret as exposed, at places that hold it, which stops the keys. */
async function reportAll(): Promise<void> {
  const tokens = Object.values(secrets);
  const place = (token: string) =>
    `https://user:${token}@github.com/${token}?key=${token}#${encodeURIComponent(token)}`;
  const matches = tokens.map((token) => ({ token, type: 'ocx_live_api_key', url: place(token), source: token }));
  const labelled = await github.report(server.url, matches);
  expect(labelled.status).toBe(200);
  answers.push(await labelled.text());
  const client = new HttpClient();
  const revoke = (body: object) => ask(client, { method: 'POST', path: '/credentials/revoke', body });
  answers.push((await revoke({ credentials: tokens })).body);
  for (const token of tokens) expect((await revoke({ credentials: token })).status).toBe(400);
  client.close();
  const exposed = `SELECT count(DISTINCT credential_id)::int AS count FROM key_exposures WHERE reported_by = 'holder'`;
  // Two opaque, two typed, the JWTs of the org and the partner.
  const reported = async () => (await installation.database.query(exposed)).rows[0].count as number;
  await until('the holder reported every bearer key', async () => (await reported()) === 6);
}

/** The secret as text, and in the encodings of bytea columns and tokens. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')];
}

/** The names of the secrets that occur in the text. */
function foundIn(text: string, among: Readonly<Record<string, string>> = { ...secrets, ...linkTexts() }): string[] {
  return Object.entries(among)
    .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
    .map(([name]) => name);
}

function linkTexts(): Record<string, string> {
  return Object.fromEntries(Object.entries(links).map(([name, { text }]) => [name, text]));
}

test('the debug log contains no secret, neither in paths nor in queries', () => {
  expect(server.log).toContain('answered');
  expect(server.log).toContain('"route":"/workflows/webhooks/:webhook_token"');
  expect(server.log).toContain('"route":"/media/:id"');
  expect(server.log).toContain('"route":"(unknown)"');
  expect(foundIn(server.log)).toEqual([]);
});

test('deliveries of webhooks contain no secret', () => {
  const deliveries = provider.seen.filter(({ path }) => path === HOOK);
  const texts = deliveries.map(({ headers, body }) => JSON.stringify(headers) + body);
  expect(texts.join()).toContain('"type":"api_key.rotated"');
  expect(foundIn(texts.join('\n'))).toEqual([]);
});

test('the metrics contain no secret', () => {
  expect(metrics).toContain('gatehouse_http_requests_total{');
  expect(foundIn(metrics)).toEqual([]);
});

test('no list contains a secret, and no error body a misplaced one', () => {
  expect(answers.length).toBeGreaterThan(50);
  expect(foundIn(answers.join('\n'))).toEqual([]);
});

test('the database, including the audit, contains no readable secret', async () => {
  const { rows: tables } = await installation.database.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  let dump = '';
  const tablesOf = Object.fromEntries(Object.keys(links).map((link) => [link, [] as string[]]));
  for (const { name } of tables) {
    const { rows } = await installation.database.query(`SELECT t::text AS text FROM ${name} t`);
    const text = rows.map((row) => row.text).join('\n');
    for (const link of foundIn(text, linkTexts())) tablesOf[link]!.push(name);
    dump += text;
  }
  expect(dump).toContain('api_key.created');
  expect(dump).toContain('api_key.exposed');
  expect(dump).toContain(digestOf(secrets['org key']!));
  expect(foundIn(dump, secrets)).toEqual([]);
  // Tokens that the API returns again are stored in their own table only.
  expect(tablesOf).toEqual(Object.fromEntries(Object.entries(links).map(([link, { tables: own }]) => [link, own])));
  // Private signing keys are stored encrypted, so no JWK is readable.
  expect(dump).not.toContain(Buffer.from('"d":"').toString('hex'));
});
