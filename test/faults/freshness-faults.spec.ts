import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { HANG_MS } from '../support/hang.js';
import { HttpClient } from '../support/http-client.js';
import { isByHand, random, scaled } from '../support/load.js';
import { Revocations } from '../support/revocations.js';
import { expectNoneAccepted, Trio } from '../support/trio.js';

const TRUST_MS = 1_800;
const KEYS_PER_ORG = 24;
const KEYS_PER_FAULT = scaled(60);
/** The number of keys that are revoked before a fault, and again after it. */
const AFTERWARDS = 4;

vi.setConfig({ testTimeout: scaled(HANG_MS) });

/** Delays reads of credentials, so that revocations overtake them. */
let trio: Trio;
beforeAll(async () => {
  trio = await Trio.start();
});
afterAll(() => trio.stop());

/** Revokes keys before, during and after the fault. In manual runs, repeats the fault until all keys are revoked. */
async function revokeDuring(title: string, fault: () => Promise<void>): Promise<void> {
  const { installation, servers } = trio;
  const keys = await installation.storeKeys(await installation.newOrg(servers[0]!), KEYS_PER_FAULT);
  const race = new Revocations(installation, servers);
  race.startLoad();
  await race.revokeKeys(keys.splice(0, AFTERWARDS), 4);
  const later = keys.splice(-AFTERWARDS);
  const faulty = async () => {
    do {
      await fault();
      await areTrusted();
    } while (isByHand() && keys.length > 0);
  };
  await race.revokeWhile(faulty(), keys);
  await race.revokeKeys(later, 4);
  await race.settle();
  expectNoneAccepted(title, race);
  expect(servers.flatMap((server) => server.complaints)).toEqual([]);
}

async function areTrusted(): Promise<void> {
  for (const server of trio.servers) await server.is('trusted', ({ cache }) => cache.mode === 'trusted');
}

test.for([1, 4])(
  'three processes under load, %i keys revoked at a time: every request after the answer is refused',
  async (atOnce) => {
    const { installation, servers } = trio;
    const keys = await installation.storeKeys(await installation.newOrg(servers[0]!), scaled(50));
    const race = new Revocations(installation, servers);
    race.startLoad();
    await race.revokeKeys(keys, atOnce);
    await race.settle();
    expectNoneAccepted(`${atOnce} at a time`, race);
  },
);

test('a change by SQL takes effect after 1.8 s, also in a process without notifications', async () => {
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

test('without a fault: all keys of an org revoked at once', async () => {
  const { installation, servers } = trio;
  const race = new Revocations(installation, servers);
  race.startLoad();
  for (let org = 0; org < scaled(6); org++) {
    const orgId = await installation.newOrg(random(servers));
    await race.archiveOrg(orgId, await installation.storeKeys(orgId, KEYS_PER_ORG));
  }
  await race.settle();
  expectNoneAccepted('whole orgs', race);
  expect(trio.slow.heldBack).toBeGreaterThanOrEqual(race.figures.keys);
});

test('a process is paused for longer than its lease', () =>
  revokeDuring('SIGSTOP', async () => {
    const server = random(trio.servers);
    await sleep(200);
    server.pause();
    await sleep(2_600);
    server.resume();
  }));

test('a process is paused briefly, repeatedly', () =>
  revokeDuring('SIGSTOP, short', async () => {
    for (let time = 0; time < 4; time++) {
      const server = random(trio.servers);
      server.pause();
      await sleep(200 + Math.random() * 1_000);
      server.resume();
    }
  }));

test('a lease connection freezes in both directions', () =>
  revokeDuring('frozen', async () => {
    const proxy = random(trio.proxies);
    proxy.freeze();
    await sleep(3_000);
    proxy.thaw();
  }));

test('a lease connection freezes in one direction, and a late packet arrives', () =>
  revokeDuring('frozen one way', async () => {
    for (const direction of ['toServer', 'toClient'] as const) {
      const proxy = random(trio.proxies);
      proxy.freeze(direction);
      await sleep(1_200);
      await proxy.letOnePacketThrough(direction);
      await sleep(1_200);
      proxy.thaw();
    }
  }));

test('all lease connections freeze', () =>
  revokeDuring('all frozen', async () => {
    for (const proxy of trio.proxies) proxy.freeze();
    await sleep(2_500);
    for (const proxy of trio.proxies) proxy.thaw();
  }));

test('lease connections are cut, and their backends terminated', () =>
  revokeDuring('cut', async () => {
    for (let time = 0; time < 6; time++) {
      await sleep(150);
      if (time % 2 === 0) random(trio.proxies).cut();
      else
        await trio.postgres.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where application_name = 'gatehouse lease' order by random() limit 1`,
        );
    }
  }));

test('the process that makes the change is killed', () =>
  revokeDuring('kill -9', async () => {
    for (let time = 0; time < 2; time++) {
      await sleep(100 + Math.random() * 50);
      await trio.killAndReplace(time % trio.servers.length);
    }
  }));

test.for(['fast', 'immediate'] as const)('the database restarts (%s)', (mode) =>
  revokeDuring(`restart, ${mode}`, async () => {
    await sleep(200);
    await trio.postgres.stop(mode);
    await sleep(300);
    await trio.postgres.startAgain();
  }),
);
