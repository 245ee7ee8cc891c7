import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CredentialHeaders, EveryCredential } from '../support/every-credential.js';
import { HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import { openServices } from '../support/open-services.js';
import { PrimaryWithStandby } from '../support/primary-with-standby.js';
import { report } from '../support/report.js';
import type { ServerProcess } from '../support/server-process.js';

/** An ended credential is tried again, because the lease of the cut-off process ends within 1.8 s. */
const TRIED_AFTER_MS = [0, 20, 100, 400, 1_500];

let postgres: PrimaryWithStandby;
let installation: Installation;
let client: HttpClient;
let services: INestApplicationContext;
let credentials: EveryCredential;
beforeEach(async () => {
  postgres = await PrimaryWithStandby.start();
  installation = await Installation.on(postgres.primary);
  client = new HttpClient();
  services = await openServices(postgres.following.url, installation.settings['ENCRYPTION_KEY']!);
  credentials = new EveryCredential(installation, client, services);
});
afterEach(async () => {
  client.close();
  await services.close();
  await installation.close();
  await postgres.remove();
});

async function fence(server: ServerProcess): Promise<void> {
  postgres.replication.freeze();
  await server.is('fenced', ({ cache }) => cache.mode === 'fenced');
}

async function unfence(server: ServerProcess): Promise<void> {
  postgres.replication.thaw();
  await server.is('trusted', ({ cache }) => cache.mode === 'trusted');
}

test('a process on a replaced primary lets no ended credential of any kind in with FRESHNESS=strict', async () => {
  const cutOff = await installation.startServer({ FRESHNESS: 'strict' });
  const moving = await installation.startServer({ DATABASE_URL: postgres.following.url });
  await credentials.prepare(moving);
  const all = await credentials.all(moving);
  const admitted = await Promise.all(all.map(async ({ what, present }) => [what, await present(cutOff)]));
  expect(admitted).toEqual(all.map(({ what }) => [what, 200]));

  await postgres.replace();
  const letIn: string[] = [];
  let tried = 0;
  await Promise.all(
    all.map(async ({ what, present, end }) => {
      await end(moving);
      for (const ms of TRIED_AFTER_MS) {
        await sleep(ms);
        tried++;
        const status = await present(cutOff);
        if (status !== 503 && status !== 401) letIn.push(`${what}: ${status} after ${ms} ms`);
      }
    }),
  );
  report('a replaced primary, every kind of credential', {
    'requests after the answer': tried,
    'let in': letIn.length,
  });
  expect(letIn).toEqual([]);
  await cutOff.is('fenced', ({ cache }) => cache.mode === 'fenced');
  const fenced = await Promise.all(all.map(async ({ what, present }) => [what, await present(cutOff)]));
  expect(fenced).toEqual(all.map(({ what }) => [what, 503]));
});

interface Operation {
  readonly security: readonly Readonly<Record<string, unknown>>[];
}

/** Each route of the API document with each credential that it takes. */
async function requestsWith(headers: CredentialHeaders) {
  const text = await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8');
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(paths).flatMap(([template, operations]) =>
    Object.entries(operations).flatMap(([method, { security }]) =>
      security
        .map((needed) => Object.keys(needed))
        .filter((names) => names.length > 0)
        .map((names) => ({
          method: method.toUpperCase(),
          path: template.replaceAll(/\{\w+\}/g, 'a'.repeat(64)),
          headers: Object.assign({}, ...names.map((name) => headers[name])) as Record<string, string>,
        })),
    ),
  );
}

test('a fenced process answers 503 to every credential at every route', async () => {
  const server = await installation.startServer({ FRESHNESS: 'strict' });
  await credentials.prepare(server);
  const requests = await requestsWith(await credentials.headers(server));
  await fence(server);
  const others: string[] = [];
  for (const request of requests) {
    const { status, body } = await client.ask(server.url, request);
    const { code } = JSON.parse(body) as { code?: string };
    if (status !== 503 || code !== 'database_unavailable') others.push(`${request.method} ${request.path}: ${status}`);
  }
  report('a fenced process', { requests: requests.length, 'not 503': others.length });
  expect(requests.length).toBeGreaterThan(300);
  expect(others).toEqual([]);
  await unfence(server);
  expect(server.complaints).toEqual([]);
});

test('a login link opens nothing at a fenced process, and works afterwards', async () => {
  const server = await installation.startServer({ FRESHNESS: 'strict' });
  await credentials.prepare(server);
  const { Cookie } = await credentials.signIn(server, 'jane@acmetours.example');
  const token = await credentials.newLink(server, 'jane@acmetours.example');
  const visit = { path: `/partner-login?token=${token}` };
  const click = {
    method: 'POST',
    path: '/session/login-link',
    headers: { 'X-Requested-With': 'gatehouse' },
    body: { token },
  };
  await fence(server);
  const asked = {
    visit: (await client.ask(server.url, visit)).status,
    'visit by a member': (await client.ask(server.url, { ...visit, headers: { Cookie: Cookie! } })).status,
    click: (await client.ask(server.url, click)).status,
  };
  expect(asked).toEqual({ visit: 503, 'visit by a member': 503, click: 503 });
  await unfence(server);
  expect((await client.ask(server.url, click)).status).toBe(200);
});

test('a live view ends when its process is fenced', async () => {
  const server = await installation.startServer({ FRESHNESS: 'strict' });
  await credentials.prepare(server);
  const { session } = await credentials.headers(server);
  const stream = await fetch(`${server.url}/manage/v1/requests/live`, { headers: session! });
  expect(stream.status).toBe(200);
  postgres.replication.freeze();
  // Resolves at its end, which the server decides.
  await stream.text();
  expect((await server.readiness()).cache.mode).toBe('fenced');
  expect((await client.ask(server.url, { path: '/session', headers: session! })).status).toBe(503);
});
