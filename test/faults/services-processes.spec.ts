import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import { openServices } from '../support/open-services.js';
import type { ServerProcess } from '../support/server-process.js';

const ROUNDS = 50;

let installation: Installation;
let servers: ServerProcess[];
let operator: HttpClient;
beforeAll(async () => {
  installation = await Installation.create();
  servers = await installation.startServers(2);
  const context = await openServices(installation.databaseUrl, installation.settings['ENCRYPTION_KEY']!);
  operator = new HttpClient((await context.get(ApiKeys).createForOperator(OPERATOR)).token);
  await context.close();
});
afterAll(async () => {
  operator.close();
  await installation.close();
});

const documentOf = (action: string) => ({
  service: 'billing',
  label: 'Billing',
  resources: { invoices: { label: 'Invoices', actions: ['read', 'write'] } },
  routes: [`GET /invoices invoices:${action}`],
});

async function apply({ url }: ServerProcess, action: string): Promise<void> {
  const path = '/operator/v1/services/billing';
  const { status } = await operator.ask(url, { method: 'PUT', path, body: documentOf(action) });
  expect([200, 201]).toContain(status);
}

test('once a declaration is applied by one process, every other one decides by it', async () => {
  const [one, other] = servers as [ServerProcess, ServerProcess];
  await apply(one, 'read');
  const orgId = await installation.newOrg(one);
  const reader = new HttpClient((await installation.newKey(one, orgId, { scopes: ['invoices:read'] })).key);
  const headers = { 'X-Original-Method': 'GET', 'X-Original-URI': '/invoices', 'X-Forwarded-For': '203.0.113.7' };
  const decided: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await apply(round % 2 === 0 ? one : other, round % 2 === 0 ? 'write' : 'read');
    const { url } = round % 2 === 0 ? other : one;
    decided.push((await reader.ask(url, { path: '/v1/forward-auth/billing', headers })).status);
  }
  reader.close();
  expect(decided).toEqual(Array.from({ length: ROUNDS }, (_, round) => (round % 2 === 0 ? 403 : 200)));
});
