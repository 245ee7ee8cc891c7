import { afterAll, beforeAll, expect, test } from 'vitest';
import { scaled } from '../support/load.js';
import type { OwnRedis } from '../support/own-redis.js';
import { OwnRedisCluster } from '../support/own-redis-cluster.js';
import { report } from '../support/report.js';
import { repeated, ThreeLimits, windowsOfKey } from '../support/shared-limits.js';
import { until } from '../support/until.js';

let cluster: OwnRedisCluster;
let limits: ThreeLimits;
beforeAll(async () => {
  cluster = await OwnRedisCluster.start({ hasReplicas: false });
  limits = await ThreeLimits.open(cluster.url);
  await limits.are('shared');
});
afterAll(async () => {
  limits.close();
  await cluster.close();
});

/** Names of partners whose counters the master at this position has. */
async function partnersOf(master: number, count: number): Promise<string[]> {
  const partners: string[] = [];
  while (partners.length < count) {
    const partner = crypto.randomUUID();
    if ((await cluster.ownerOf(partner)) === cluster.masters[master]) partners.push(partner);
  }
  return partners;
}

test('of 3,000 concurrent requests of 30 partners, exactly the limit of each passes', async () => {
  for (let round = 0; round < scaled(3); round++) {
    const windows = repeated(30, () => windowsOfKey({ key: 60 }));
    const requests = repeated(3_000, (at) => windows[Math.floor(at / 3) % 30]!);
    expect(await limits.passed(requests)).toBe(30 * 60);
  }
});

test('keys of several orgs share the limit of their partner exactly, and a refused request is charged to no window', async () => {
  const [partner] = await partnersOf(1, 1);
  const keys = repeated(10, (at) =>
    windowsOfKey({ key: 80, org: 300, partner: 500 }, { partner, org: `org ${at % 3}` }),
  );
  const requests = repeated(3_000, (at) => keys[Math.floor(at / 3) % 10]!);
  expect(await limits.passed(requests)).toBe(500);
  const ofPartner = await Promise.all(keys.map((windows) => limits.each[0]!.look(windows)));
  const charged = ofPartner.map(({ standings }) => 80 - standings[0]!.remaining);
  expect(charged.reduce((sum, hits) => sum + hits, 0)).toBe(500);
  expect(Math.max(...charged)).toBeLessThanOrEqual(80);
});

test('forgotten scripts are loaded again, and limits stay exact', async () => {
  const windows = windowsOfKey({ key: 500 });
  const flushed = repeated(20, () => Promise.all(cluster.masters.map(({ inside }) => inside.script('FLUSH'))));
  const [passed] = await Promise.all([limits.passed(repeated(1_500, () => windows)), ...flushed]);
  expect(passed).toBe(500);
  expect(limits.logged.filter((line) => line !== 'shared')).toEqual([]);
});

test('while a slot moves to another master, limits stay exact', async () => {
  const [partner] = await partnersOf(0, 1);
  const slot = await cluster.masters[0]!.inside.cluster('KEYSLOT', partner!);
  const [from, to] = [cluster.masters[0]!, cluster.masters[2]!];
  const windows = windowsOfKey({ key: 900 }, { partner });
  expect(await limits.passed(repeated(300, () => windows))).toBe(300);
  await to.inside.cluster('SETSLOT', slot, 'IMPORTING', from.id);
  await from.inside.cluster('SETSLOT', slot, 'MIGRATING', to.id);
  const keys = await from.inside.cluster('GETKEYSINSLOT', slot, 1_000);
  const moving = from.inside.call('MIGRATE', '127.0.0.1', to.redis.port, '', 0, 5_000, 'KEYS', ...keys);
  const passed = await limits.passed(repeated(300, () => windows));
  await moving;
  for (const { inside } of cluster.masters) await inside.cluster('SETSLOT', slot, 'NODE', to.id);
  expect(passed + (await limits.passed(repeated(900, () => windows)))).toBe(600);
  await limits.are('shared');
});

test('a slot that no master serves is limited by each process alone, the other slots of its master are shared', async () => {
  const [lost, kept] = await partnersOf(1, 2);
  const slot = await cluster.masters[0]!.inside.cluster('KEYSLOT', lost!);
  for (const { inside } of cluster.masters) await inside.cluster('DELSLOTS', slot);
  expect(await limits.passed(repeated(900, () => windowsOfKey({ org: 100 }, { partner: lost, org: 'lost' })))).toBe(
    300,
  );
  await limits.are('partly');
  expect(await limits.passed(repeated(900, () => windowsOfKey({ org: 100 }, { partner: kept, org: 'kept' })))).toBe(
    100,
  );
  for (const { inside } of cluster.masters) {
    if (inside === cluster.masters[1]!.inside) await inside.cluster('ADDSLOTS', slot);
    else await inside.cluster('SETSLOT', slot, 'NODE', cluster.masters[1]!.id);
  }
  await limits.are('shared');
  const counted = windowsOfKey({ org: 350 }, { partner: lost, org: 'lost' });
  // What a process counted alone is part of the shared count from its next request on.
  expect(await limits.passed(repeated(3, () => counted))).toBe(3);
  expect(await limits.passed(repeated(900, () => counted))).toBe(47);
});

test.each([
  ['killed', (master: OwnRedis) => master.kill(), (master: OwnRedis) => master.startAgain()],
  ['frozen', (master: OwnRedis) => master.pause(), (master: OwnRedis) => master.resume()],
])('if a master without a replica is %s, only the limits of its slots are per process', async (what, lose, bring) => {
  const [ofFirst, ofLost, ofThird] = await Promise.all([partnersOf(0, 1), partnersOf(1, 3), partnersOf(2, 1)]);
  const usedUp = windowsOfKey({ key: 30 }, { partner: ofLost[0] });
  expect(await limits.passed(repeated(300, () => usedUp))).toBe(30);

  const { redis } = cluster.masters[1]!;
  await lose(redis);
  const startedAt = performance.now();
  const ofOrg = (limit: number, partner: string) =>
    windowsOfKey({ org: limit }, { partner, org: `${what}, of ${partner}` });
  expect(await limits.passed(repeated(900, () => ofOrg(100, ofLost[1]!)))).toBe(300);
  report(`master ${what}`, { 'ms until 900 requests to it were answered': performance.now() - startedAt });
  await limits.are('partly');
  for (const partner of [ofFirst[0]!, ofThird[0]!]) {
    expect(await limits.passed(repeated(1_200, () => ofOrg(200, partner)))).toBe(200);
  }
  // The processes know that this caller has used up its limit.
  expect(await limits.passed(repeated(300, () => usedUp))).toBe(0);

  await bring(redis);
  await limits.are('shared');
  expect(await limits.passed(repeated(1_200, () => ofOrg(200, ofLost[2]!)))).toBe(200);
  // Also if the master has lost its counts.
  expect(await limits.passed(repeated(300, () => usedUp))).toBe(0);
  const counted = ofOrg(320, ofLost[1]!);
  // What a process counted alone is part of the shared count from its next request on.
  const left = (await limits.passed([counted, counted, counted])) + (await limits.passed(repeated(900, () => counted)));
  // A frozen master charges requests, when it thaws, that were charged alone because it didn't answer.
  if (what === 'killed') expect(left).toBe(20);
  else expect(left).toBeLessThanOrEqual(20);
});

test('each outage was logged once', async () => {
  const outages = limits.logged.filter((line) => line !== 'shared');
  report('logged', { outages: outages.join('; ') });
  await until('the last mode is shared', () => limits.logged.at(-1) === 'shared');
  expect(outages).toHaveLength(3 * 3);
});
