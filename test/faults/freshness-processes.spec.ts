import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { HttpClient } from '../support/http-client.js';
import { scaled } from '../support/load.js';
import { Revocations } from '../support/revocations.js';
import { expectNobodyLetIn, Trio } from '../support/trio.js';

const TRUST_MS = 1_800;

let trio: Trio;
beforeAll(async () => {
  trio = await Trio.start({ hasSlowFills: false });
});
afterAll(() => trio.stop());
afterEach(() => expect(trio.servers.flatMap((server) => server.complaints)).toEqual([]));

test.for([1, 4])(
  'three processes under load, %i revoked at a time: nobody is let in who started after the answer',
  { timeout: 600_000 },
  async (atOnce) => {
    const { installation, servers } = trio;
    const keys = await installation.storeKeys(await installation.newOrg(servers[0]!), scaled(50));
    const race = new Revocations(installation, servers);
    race.startLoad();
    await race.revokeKeys(keys, atOnce);
    await race.settle();
    expectNobodyLetIn(`${atOnce} at a time`, race);
  },
);

test('a change by plain SQL is in force after 1.8 s, also where a process hears nothing', async () => {
  const { installation, servers } = trio;
  const [key] = await installation.storeKeys(await installation.newOrg(servers[0]!), 1);
  const client = new HttpClient(key!.key);
  const ask = async () => {
    const answers = await Promise.all(servers.map(({ url }) => client.ask(url, { path: '/whoami' })));
    return answers.map(({ status }) => status);
  };
  expect(await ask()).toEqual([200, 200, 200]);
  trio.proxies[0]!.freeze('toClient');
  await installation.database.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [key!.id]);
  await sleep(TRUST_MS);
  expect(await ask()).toEqual([401, 401, 401]);
  trio.proxies[0]!.thaw();
  client.close();
});
