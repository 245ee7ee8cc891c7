import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HttpClient } from '../support/http-client.js';
import { Installation, type OrgKey } from '../support/installation.js';
import { percentile, scaled } from '../support/load.js';
import { PrimaryWithStandby } from '../support/primary-with-standby.js';
import { report } from '../support/report.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';

const KEYS = scaled(8);
const ROUNDS = scaled(1);
const KEYS_PER_ROUND = 20;
/** A revoked key is tried again, because the lease of the cut-off process ends within 1.8 s. */
const TRIED_AFTER_MS = [0, 20, 100, 400, 1_500];

let postgres: PrimaryWithStandby;
let installation: Installation;
let client: HttpClient;
beforeEach(async () => {
  postgres = await PrimaryWithStandby.start();
  installation = await Installation.on(postgres.primary);
  client = new HttpClient();
});
afterEach(async () => {
  client.close();
  await installation.close();
  await postgres.remove();
});

async function ask({ url }: ServerProcess, { key }: OrgKey, path = '/whoami'): Promise<number> {
  return (await client.ask(url, { path, headers: { Authorization: `Bearer ${key}` } })).status;
}

async function isFenced(server: ServerProcess): Promise<void> {
  await server.is('fenced', ({ cache }) => cache.mode === 'fenced');
}

/** Another process revokes the key on the new primary; the call is repeated until it is answered. */
async function revoke({ url }: ServerProcess, { id, orgId }: OrgKey): Promise<void> {
  const path = `/partner/v1/orgs/${orgId}/api-keys/${id}`;
  await until('the key is revoked', async () => {
    const answer = await installation.partner.ask(url, { method: 'DELETE', path }).catch(() => undefined);
    return answer?.status === 204;
  });
}

/** @returns the requests that the process on the old primary let in after the revoking call was answered */
async function lateAllows(freshness: 'standard' | 'strict'): Promise<number> {
  const cutOff = await installation.startServer({ FRESHNESS: freshness });
  const moving = await installation.startServer({ DATABASE_URL: postgres.following.url });
  const keys = await installation.storeKeys(await installation.newOrg(moving), KEYS);
  for (const key of keys) expect(await ask(cutOff, key)).toBe(200);

  const cutAt = performance.now();
  await postgres.replace();
  let letIn = 0;
  let tried = 0;
  let lastMs = 0;
  await Promise.all(
    keys.map(async (key) => {
      await revoke(moving, key);
      for (const ms of TRIED_AFTER_MS) {
        await sleep(ms);
        const startedAt = performance.now();
        tried++;
        if ((await ask(cutOff, key)) !== 200) continue;
        letIn++;
        lastMs = Math.max(lastMs, startedAt - cutAt);
      }
    }),
  );
  report(`a replaced primary, FRESHNESS=${freshness}`, {
    'requests after the answer': tried,
    'let in': letIn,
    'last one, ms after the cut': lastMs,
  });
  return letIn;
}

test('a process on a replaced primary lets no revoked key in with FRESHNESS=strict', async () => {
  expect(await lateAllows('strict')).toBe(0);
});

test('a process on a replaced primary lets revoked keys in without FRESHNESS=strict', async () => {
  expect(await lateAllows('standard')).toBeGreaterThan(0);
});

test('revocations reach every process in both modes while the standby confirms', async () => {
  const ms: Record<'standard' | 'strict', number[]> = { standard: [], strict: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const freshness of ['standard', 'strict'] as const) {
      const servers = await installation.startServers(2, { FRESHNESS: freshness });
      const keys = await installation.storeKeys(await installation.newOrg(servers[0]!), KEYS_PER_ROUND);
      for (const key of keys) {
        expect(await ask(servers[1]!, key)).toBe(200);
        const calledAt = performance.now();
        await revoke(servers[0]!, key);
        ms[freshness].push(performance.now() - calledAt);
        expect(await ask(servers[1]!, key)).toBe(401);
      }
      await Promise.all(servers.map((server) => server.stop()));
    }
  }
  report('a revocation with two processes and a synchronous standby, ms', {
    'standard p50': percentile(ms.standard, 50),
    'standard p95': percentile(ms.standard, 95),
    'strict p50': percentile(ms.strict, 50),
    'strict p95': percentile(ms.strict, 95),
  });
});

test('without a confirmation by the standby, a strict process refuses every credential, and serves again with one', async () => {
  const server = await installation.startServer({ FRESHNESS: 'strict' });
  const orgId = await installation.newOrg(server);
  const [warm, cold] = (await installation.storeKeys(orgId, 2)) as [OrgKey, OrgKey];
  expect(await ask(server, warm)).toBe(200);
  postgres.replication.freeze();
  await isFenced(server);

  // A canceled wait is reported as success, and is no confirmation.
  for (let time = 0; time < 30; time++) {
    await postgres.primary.query("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'");
    expect((await server.readiness()).cache.mode).toBe('fenced');
    await sleep(50);
  }
  const session = { path: '/session', headers: { Cookie: `gatehouse_session=${'a'.repeat(64)}` } };
  const asked = {
    warm: await ask(server, warm),
    cold: await ask(server, cold),
    partner: (await installation.partner.ask(server.url, { path: '/partner/v1/orgs' })).status,
    'forward-auth': await ask(server, warm, '/v1/forward-auth/some-service'),
    session: (await client.ask(server.url, session)).status,
    webhook: (await client.ask(server.url, { method: 'POST', path: `/workflows/webhooks/${'a'.repeat(64)}`, body: {} }))
      .status,
    'no credential': (await client.ask(server.url, { path: '/whoami' })).status,
    public: (await client.ask(server.url, { path: '/healthz' })).status,
    ready: (await client.ask(server.url, { path: '/readyz' })).status,
  };
  const refused = { warm: 503, cold: 503, partner: 503, 'forward-auth': 503, session: 503, webhook: 503 };
  expect(asked).toEqual({ ...refused, 'no credential': 401, public: 200, ready: 503 });

  postgres.replication.thaw();
  await server.is('trusted', ({ cache }) => cache.mode === 'trusted');
  expect([await ask(server, warm), await ask(server, cold)]).toEqual([200, 200]);
  expect(server.complaints).toEqual([]);
});

test('a process that is led to a standby reads no credential from it', async () => {
  const server = await installation.startServer({ DATABASE_URL: postgres.following.url });
  const elsewhere = await installation.startServer();
  const [key] = (await installation.storeKeys(await installation.newOrg(elsewhere), 1)) as [OrgKey];
  // The standby has the revocation in its log, and doesn't show it.
  await postgres.standby.query('select pg_wal_replay_pause()');
  await revoke(elsewhere, key);
  postgres.following.leadTo(postgres.standby.serverUrl);
  await server.is('deaf', ({ cache }) => cache.mode === 'deaf');
  expect(await ask(server, key)).toBe(503);
  postgres.following.leadTo(postgres.primary.serverUrl);
  await server.is('trusted', ({ cache }) => cache.mode === 'trusted');
  expect(await ask(server, key)).toBe(401);
});
