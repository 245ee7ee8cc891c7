import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { templateOf } from '../../src/access/routes/declared-routes.js';
import { openApiPage } from '../../src/programs/generate-docs/api-document.js';
import type { ApiDocument } from '../../src/operations/openapi/api-document.js';
import { anyJsonOf } from '../../src/core/wire/any-json.js';
import { textOf } from '../../src/core/wire/text-body.js';
import { formOf } from '../../src/core/wire/form.js';
import { bodyDtoOf } from '../../src/core/wire/request-parts.js';
import { answerOf } from '../../src/core/wire/answers.js';
import { undeclaredOf, undocumentedOf } from '../support/documented-answers.js';
import type { TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { type ServedRoute, startServer } from './support/served-routes.js';

let server: TestServer;
let routes: ServedRoute[];
let document: ApiDocument;
beforeAll(async () => {
  ({ server, routes } = await startServer());
  document = (await server.http.get('/openapi.json').expect(200)).body as ApiDocument;
});
afterAll(() => server.close());

/** Routes outside the API document, and why. */
const NOT_IN_DOCUMENT: Readonly<Record<string, string>> = {
  'ALL /v1/forward-auth/:service':
    'proxies ask with any method, for which OpenAPI has no word; docs/your-own-service.md describes it',
  'ALL /v1/forward-auth/:service/*':
    'proxies ask with any method, for which OpenAPI has no word; docs/your-own-service.md describes it',
  'GET /dashboard': 'a page for people',
  'GET /dashboard/*': 'a page for people',
  'GET /dashboard/assets/:name': 'a part of the page',
  'GET /dashboard/login.js': 'a part of the page',
  'GET /dashboard/page.css': 'a part of the page',
  'GET /docs/assets/:name': 'a part of the page',
  'OPTIONS /events': 'browsers ask it by themselves',
  'POST /leaks/github': 'only GitHub calls it, in a form that GitHub defines; docs/guides/leaked-keys.md describes it',
};

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

it('GET /openapi.json equals docs/openapi.json, which is generated without a server', () => {
  expect(document).toEqual(JSON.parse(openApiPage()));
  const committed = readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8');
  expect(committed === openApiPage() ? [] : ['docs/openapi.json: run "npm run docs"']).toEqual([]);
});

it('every route declares its answers, or why the document omits it', () => {
  const silent = routes.filter(({ handler }) => answerOf(handler) === undefined);
  expect(silent.map(({ name }) => name)).toEqual([]);
  const unlisted = routes.flatMap(({ name, handler }) => {
    const said = answerOf(handler)!;
    return 'unlisted' in said ? [[name, said.unlisted]] : [];
  });
  expect(Object.fromEntries(unlisted)).toEqual(NOT_IN_DOCUMENT);
});

it('the document has exactly the declared routes, with audience, scope and role', () => {
  const served = routes
    .filter(({ name }) => !(name in NOT_IN_DOCUMENT))
    .map(({ method, path, policy: { audience, scope, role } }) =>
      [method, templateOf(path), audience, scope, role].join(' '),
    );
  const documented = operations().map(({ path, method, operation }) =>
    [method.toUpperCase(), path, operation['x-audience'], operation['x-scope'], operation['x-role']].join(' '),
  );
  expect(documented.sort()).toEqual(served.sort());
});

const takesBody = (route: ServedRoute) =>
  (bodyDtoOf(route) ?? formOf(route.handler) ?? textOf(route.handler) ?? anyJsonOf(route.handler)) !== undefined;

it('the document has a body for each handler that takes one, and every path parameter', () => {
  const strange = routes
    .filter(({ name }) => !(name in NOT_IN_DOCUMENT))
    .filter((route) => {
      const path = templateOf(route.path);
      const operation = document.paths[path]![route.method.toLowerCase()]!;
      const inPath = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'path')
        .map(({ name }) => `:${name}`);
      const named = path.match(/\{\w+\}/g) ?? [];
      return 'requestBody' in operation !== takesBody(route) || inPath.length !== named.length;
    });
  expect(strange.map(({ name }) => name)).toEqual([]);
});

it('the document has the Idempotency-Key header exactly on idempotent routes', async () => {
  const org = await server.newOrg();
  const key = (await server.newOrgKey(org)).key;
  const looked: string[] = [];
  const said: string[] = [];
  for (const { path, method, operation } of operations()) {
    if (method === 'get' || !['partner', 'org'].includes(operation['x-audience'])) continue;
    const client = server.as(operation['x-audience'] === 'partner' ? org.partner.key : key);
    const body = VALID_BODIES[operation.operationId];
    const target = path.replace('{orgId}', org.id).replace(/\{\w+\}/, UNKNOWN_ID);
    const verb = method as 'post' | 'put' | 'patch' | 'delete';
    // They would end the org and the key that the test calls with.
    if ((path === '/partner/v1/orgs/{orgId}' && verb === 'delete') || path.endsWith('/revoke-all')) continue;
    const answer = await client[verb](target).set('Idempotency-Key', 'with a blank').send(body);
    if (JSON.stringify(answer.body).includes('Idempotency-Key')) looked.push(operation.operationId);
    if ('422' in operation.responses) said.push(operation.operationId);
  }
  expect(said.length).toBeGreaterThan(0);
  expect(looked).toEqual(said);
});

/** Bodies that are valid enough to reach the check of the Idempotency-Key. */
const VALID_BODIES: Readonly<Record<string, object>> = {
  'actionCredentials.create': { name: 'CRM', type: 'bearer', origin: 'https://crm.example', secret: 'sk-live-1' },
  'actions.create': {
    name: 'Free slots',
    api_endpoint: 'https://crm.example/slots',
    request_type: 'GET',
    payload: { responses: {} },
  },
  'agents.create': { name: 'Receptionist' },
  'partnerKeyImports.addBatch': {
    import: {
      name: 'Old product',
      hash: { algorithm: 'sha256' },
      tokens: { min_length: 40, max_length: 40, alphabet: 'hex' },
    },
    keys: [{ hash: 'x', scopes: ['tags:read'] }],
  },
  'partnerAgents.create': { name: 'Receptionist' },
  'partnerOrgMembers.add': { email: 'sam@example.com', role_id: UNKNOWN_ID },
  'autopilotTopics.create': { topic: 'Refunds', mode: 'handoff' },
  'calls.create': { agent_id: 'x', direction: 'inbound', caller: '+4930123456' },
  'crawl.create': { url: 'https://example.com/' },
  'contacts.create': { contact: { email: 'sam@example.com' } },
  'contacts.upsert': { contacts: [{ email: 'guest@acme.example' }] },
  'email.send': { from_email: 'hello@example.com', recipients: [{ to_email: 'sam@example.com' }] },
  'helpCenterArticles.create': { category_id: '', title: 'Refunds', content: 'Within five days.' },
  'helpCenterCategories.create': { name: 'Booking' },
  'integrations.create': { provider: 'zendesk', name: 'Help desk', credentials: {} },
  'history.send': { sender: 'contact', message: { type: 'text', text: 'Hello' } },
  'leads.create': { name: 'Sam', phone: '+4930123456' },
  'leads.upsert': { leads: [{ name: 'Sam', email: 'guest@acme.example' }] },
  'officeHours.create': {
    name: 'Weekdays',
    iana_timezone: 'Europe/Berlin',
    shifts: [{ day_of_week: 'monday', start_time: '09:00:00', end_time: '17:00:00' }],
  },
  'phone.create': { name: 'Reception' },
  'sipOutboundTrunks.create': {
    name: 'Carrier',
    host: 'sip.carrier.example',
    username: 'acme',
    password: 'secret',
    caller_number: '+4930123456',
  },
  'knowledgeBases.create': { name: 'Handbook' },
  'knowledgeDocuments.add': { title: 'Refunds', content: 'Within five days.' },
  'sequences.create': { filter: null, steps: [{ action: { type: 'make_phone_calls', data: {} } }] },
  'sequences.addContacts': { contacts: [{ email: 'sam@example.com' }] },
  'slaPolicies.create': { name: 'Fast', targets: { first_reply_seconds: 3_600 } },
  'teams.create': { name: 'Support' },
  'training.create': { title: 'Refunds', content: 'Refunds take five days.' },
  'partnerWebhooks.create': { url: 'https://hooks.example/', events: ['*'] },
  'partnerWebhooks.replayFailed': { since: '2026-03-01T00:00:00.000Z' },
  'webhooks.create': { url: 'https://hooks.example/', events: ['conversation.started'] },
  'workflows.create': { name: 'Triage', trigger_type: 'webhook', workflow_blocks: [] },
  'whatsApp.send': { template_id: '', phone_number_id: '', variables: [], contact: { id: '' } },
  'partnerOrgs.create': { name: 'Acme Tours' },
  'partnerMembers.createLoginLink': { email: 'owner@acmetours.example' },
  'partnerWhatsAppNumbers.assign': { id: '1', display_phone_number: '+49 30 1', verified_name: 'Acme' },
};

it('the response checks of the tests find missing and undocumented statuses, fields and headers', () => {
  const good = {
    method: 'GET',
    target: '/healthz',
    status: 200,
    headers: { 'x-request-id': '1', 'content-type': 'application/json; charset=utf-8' },
    text: '{"status":"ok"}',
  };
  const refusal = { ...good, target: '/whoami', status: 429 };
  const headers = { ...good.headers, 'retry-after': '1' };
  const full = '"statusCode":429,"message":"Rate limit exceeded: 1 request per minute."';
  expect(undocumentedOf(good)).toEqual([]);
  expect(undocumentedOf({ ...refusal, headers, text: `{${full},"code":"rate_limited"}` })).toEqual([]);
  const wrong = [
    { ...refusal, headers, text: `{${full}}` },
    { ...refusal, headers, text: `{${full},"code":"taken"}` },
    { ...good, status: 418 },
    { ...good, text: '{"status":"ok","more":1}' },
    { ...good, text: '{"status":"fine"}' },
    { ...good, text: '{}' },
    { ...good, headers: { ...good.headers, 'x-request-id': undefined } },
    { ...good, headers: { ...good.headers, 'content-type': 'text/html' } },
    { ...good, method: 'DELETE', target: '/contacts/1', status: 204, headers: { ...good.headers, ratelimit: '' } },
  ];
  expect(wrong.map((answer) => undocumentedOf(answer).length > 0)).toEqual(wrong.map(() => true));
});

it('the request checks of the tests find undocumented fields and parameters', () => {
  const good = { method: 'PUT', target: '/tags', body: { tag_name: 'a' } };
  expect(undeclaredOf(good)).toEqual([]);
  const wrong = [
    { ...good, body: { tag_name: 'a', color: 'red' } },
    { ...good, body: { tag_name: '' } },
    { ...good, target: '/tags?color=red' },
  ];
  expect(wrong.map((asked) => undeclaredOf(asked).length)).toEqual([1, 1, 1]);
});
