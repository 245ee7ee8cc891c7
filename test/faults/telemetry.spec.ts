import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, HttpClient } from '../support/http-client.js';
import { freePort } from '../support/free-port.js';
import { Installation } from '../support/installation.js';
import { Load } from '../support/load.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import { report } from '../support/report.js';
import type { ServerProcess } from '../support/server-process.js';
import { StubServer } from '../support/stub-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`;

const folder = temporaryFolder();
let installation: Installation;
let collector: OtlpReceiver;
let provider: StubServer;
let orgId: string;
let key: { readonly id: string; readonly key: string };
const secrets: string[] = [];

const settings = () => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20of-the-collector',
  OTEL_SERVICE_NAME: 'gatehouse-eu',
  OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  LOG_LEVEL: 'info',
  OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${provider.port}`,
  INTEGRATION_BASE_URLS: `fareharbor=${provider.url}`,
});

async function ask(server: ServerProcess, path: string, client: HttpClient, body?: object): Promise<Answer> {
  const headers = { traceparent: TRACEPARENT };
  return client.ask(server.url, { path, headers, ...(body && { method: 'POST', body }) });
}

/** What the collector has after the traffic of one server, which then stops. */
beforeAll(async () => {
  collector = await OtlpReceiver.start();
  provider = await StubServer.start();
  provider.answers(200, { companies: [] });
  installation = await Installation.create();
  const server = await installation.startServer(settings());
  orgId = await installation.newOrg(server);
  key = await installation.newKey(server, orgId);
  const client = new HttpClient(key.key);
  const integrations = { fareharbor: { app_key: 'secret-of-an-app', user_key: 'secret-of-a-user' } };
  secrets.push(key.key, installation.partnerKey, 'secret-of-an-app', 'secret-of-a-user', 'secret-in-a-query');
  expect((await ask(server, '/contacts?cursor=secret-in-a-query', client)).status).toBe(400);
  expect((await ask(server, '/contacts', client)).status).toBe(200);
  expect((await ask(server, '/contacts/019cb3a1-5c20-7d44-9e0b-2f6a81c7d350', client)).status).toBe(404);
  expect((await ask(server, `/nowhere/${key.key}`, client)).status).toBe(404);
  expect((await ask(server, '/whoami', new HttpClient(`${key.key}x`))).status).toBe(401);
  const made = await ask(server, '/partner/v1/orgs', installation.partner, { name: 'Connected', integrations });
  expect(made.status).toBe(201);
  client.close();
  expect((await server.stop()).code).toBe(0);
});
afterAll(async () => {
  await installation.close();
  await provider.close();
  await collector.stop();
});

const spansNamed = (name: string) => collector.spans.filter((span) => span.name === name);

test('a request is a span that continues the trace of its caller', () => {
  const [span] = spansNamed('GET /contacts/:id');
  expect(span).toMatchObject({
    traceId: TRACE_ID,
    parentSpanId: SPAN_ID,
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/contacts/:id',
      'http.response.status_code': 404,
      'gatehouse.principal.id': key.id,
      'gatehouse.org.id': orgId,
    },
    resource: { 'service.name': 'gatehouse-eu', 'deployment.environment.name': 'test' },
  });
});

test('a span has its guards, and the statements of its request', () => {
  const span = spansNamed('GET /contacts').find(({ attributes }) => attributes['http.response.status_code'] === 200)!;
  expect(span.events.map(({ name }) => name)).toEqual(expect.arrayContaining(['RateLimitGuard', 'ScopeGuard']));
  const statements = collector.spans.filter(({ parentSpanId }) => parentSpanId === span.spanId);
  expect(statements.map(({ name }) => name)).toContain('SELECT');
  expect(statements[0]!.attributes).toMatchObject({ 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' });
});

test('a call to another server continues the trace', () => {
  const sent = provider.seen.map(({ headers }) => String(headers['traceparent']));
  expect(sent).toContainEqual(expect.stringMatching(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`)));
});

test('metrics and log lines arrive, the last ones at SIGTERM', () => {
  const kinds = new Map(collector.metrics.map(({ name, kind }) => [name, kind]));
  expect(kinds.get('gatehouse_http_requests_total')).toBe('sum');
  expect(kinds.get('gatehouse_lease_trusted')).toBe('gauge');
  expect(kinds.get('gatehouse_http_request_duration_seconds')).toBe('histogram');
  const answered = collector.logs.filter(({ body }) => body === 'answered');
  expect(answered.length).toBeGreaterThanOrEqual(6);
  expect(answered.some(({ traceId }) => traceId === TRACE_ID)).toBe(true);
  expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer of-the-collector' });
});

test('no secret is exported', () => {
  expect(collector.bodies.length).toBeGreaterThan(2);
  const sent = Buffer.concat(collector.bodies).toString('latin1');
  expect(sent).toContain(key.id);
  expect(secrets.filter((secret) => sent.includes(secret))).toEqual([]);
});

test('a collector that is down, or silent, fails no request and no shutdown', async () => {
  const silent = await OtlpReceiver.start();
  silent.answers = false;
  const down = `http://127.0.0.1:${await freePort()}`;
  try {
    for (const url of [down, silent.url]) {
      const server = await installation.startServer({
        ...settings(),
        OTEL_EXPORTER_OTLP_ENDPOINT: url,
        LOG_LEVEL: 'warn',
      });
      const client = new HttpClient(key.key);
      const statuses: number[] = [];
      const load = new Load(8, async () => void statuses.push((await ask(server, '/whoami', client)).status));
      // More than the queues hold.
      await until('requests are answered', () => statuses.length >= 2_500);
      await load.stop();
      client.close();
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect((await server.stop()).code).toBe(0);
    }
  } finally {
    await silent.stop();
  }
});

/** The scripts that a server has loaded when it ends. */
async function scriptsOf(name: string, also: Record<string, string>): Promise<string[]> {
  const coverage = join(folder, name);
  const server = await installation.startServer({ ...also, NODE_V8_COVERAGE: coverage });
  const client = new HttpClient(key.key);
  expect((await ask(server, '/whoami', client)).status).toBe(200);
  client.close();
  await server.stop();
  const [file] = await readdir(coverage);
  const { result } = JSON.parse(await readFile(join(coverage, file!), 'utf8')) as { result: { url: string }[] };
  return result.map(({ url }) => url);
}

test('without an endpoint, or disabled, nothing of OpenTelemetry is loaded', async () => {
  const isTelemetry = (url: string) =>
    /opentelemetry\/(sdk|exporter|otlp|resources)|telemetry\/telemetry\.js/.test(url);
  expect((await scriptsOf('on', settings())).filter(isTelemetry).length).toBeGreaterThan(5);
  expect((await scriptsOf('off', {})).filter(isTelemetry)).toEqual([]);
  expect((await scriptsOf('disabled', { ...settings(), OTEL_SDK_DISABLED: 'true' })).filter(isTelemetry)).toEqual([]);
  report('telemetry', {
    spans: collector.spans.length,
    logs: collector.logs.length,
    metrics: collector.metrics.length,
  });
});
