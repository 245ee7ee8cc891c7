import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { HttpClient } from '../support/http-client.js';
import { Installation } from '../support/installation.js';
import { openServices } from '../support/open-services.js';
import type { ServerProcess } from '../support/server-process.js';

const ROUNDS = 30;
const RACES = 15;
const CREATIONS = 12;
const PAST = '2020-01-01T00:00:00.000Z';

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

async function set(client: HttpClient, { url }: ServerProcess, path: string, policy: object): Promise<void> {
  const { status, body } = await client.ask(url, { method: 'PUT', path, body: policy });
  expect([status, body]).toEqual([200, expect.any(String)]);
}

test('once a policy is set or lifted by one process, every other one follows it', async () => {
  const [one, other] = servers as [ServerProcess, ServerProcess];
  const orgId = await installation.newOrg(one);
  const full = new HttpClient((await installation.newKey(one, orgId)).key);
  const ask = async ({ url }: ServerProcess) => (await full.ask(url, { path: '/whoami' })).status;
  const places = [
    [operator, '/operator/v1/key-policy'],
    [installation.partner, '/partner/v1/key-policy'],
    [installation.partner, `/partner/v1/orgs/${orgId}/key-policy`],
  ] as const;
  const seen: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [client, path] = places[round % places.length]!;
    const [setter, asked] = round % 2 === 0 ? [one, other] : [other, one];
    await set(client, setter, path, { full_access_forbidden: true, enforce_from: PAST });
    const refused = await ask(asked);
    await set(client, setter, path, {});
    seen.push(`${refused} ${await ask(asked)}`);
  }
  full.close();
  expect(new Set(seen)).toEqual(new Set(['401 200']));
});

interface Page {
  readonly items: readonly { readonly id: string }[];
}

test('a key that breaks a policy is created before the policy is set, or not at all', async () => {
  const [one, other] = servers as [ServerProcess, ServerProcess];
  for (let race = 0; race < RACES; race++) {
    const orgId = await installation.newOrg(one);
    const base = `/partner/v1/orgs/${orgId}`;
    const create = ({ url }: ServerProcess) =>
      installation.partner.ask(url, { method: 'POST', path: `${base}/api-keys`, body: {} });
    const listed = async () => {
      const { body } = await installation.partner.ask(one.url, { path: `${base}/key-policy/violations` });
      return (JSON.parse(body) as Page).items.map(({ id }) => id);
    };
    const creations = Array.from({ length: CREATIONS }, (_, index) => create(index % 2 === 0 ? one : other));
    // At another moment of the creations in each race.
    await Promise.all(creations.slice(0, race % CREATIONS));
    await set(installation.partner, other, `${base}/key-policy`, { full_access_forbidden: true });
    const found = await listed();
    const later = await Promise.all([create(one), create(other)]);
    expect(later.map(({ status }) => status)).toEqual([400, 400]);
    const statuses = (await Promise.all(creations)).map(({ status }) => status);
    expect(statuses.filter((status) => status !== 201 && status !== 400)).toEqual([]);
    expect(await listed()).toEqual(found);
    expect(found.length).toBe(statuses.filter((status) => status === 201).length);
  }
});
