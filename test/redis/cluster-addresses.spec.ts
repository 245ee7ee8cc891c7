import { afterEach, beforeEach, expect, test } from 'vitest';
import { OwnRedisCluster } from '../support/own-redis-cluster.js';
import { repeated, ThreeLimits, windowsOfKey } from '../support/shared-limits.js';
import { until } from '../support/until.js';

const NO_ADDRESS = expect.stringMatching(/^the cluster names no address of a node: check its cluster-announce-ip/);

let cluster: OwnRedisCluster;
let limits: ThreeLimits;
beforeEach(async () => {
  cluster = await OwnRedisCluster.start({ hasReplicas: false });
});
afterEach(async () => {
  limits.close();
  await cluster.close();
});

async function setAll(name: string, value: string): Promise<void> {
  await Promise.all(cluster.masters.map(({ inside }) => inside.config('SET', name, value)));
}

/** Waits until each node names these hosts as those of the masters. */
async function name(hosts: readonly string[]): Promise<void> {
  await Promise.all(
    hosts.map((host, at) => cluster.masters[at]!.inside.config('SET', 'cluster-announce-hostname', host)),
  );
  const named = hosts.map((host) => host || '?');
  await until('all nodes know the names', async () => {
    const answers = await Promise.all(cluster.masters.map(({ inside }) => inside.cluster('SLOTS')));
    return answers.every((ranges) =>
      ranges.every(([, , master]) => {
        const [host, port] = master as unknown as [string, number];
        return host === named[cluster.masters.findIndex(({ redis }) => redis.port === port)];
      }),
    );
  });
}

/** How many of 300 requests pass a limit of 50 in the slots of the master at this position. */
async function passedAt(master: number): Promise<number> {
  let partner = crypto.randomUUID() as string;
  while ((await cluster.ownerOf(partner)) !== cluster.masters[master]) partner = crypto.randomUUID();
  const windows = windowsOfKey({ key: 50 }, { partner });
  return limits.passed(repeated(300, () => windows));
}

const isLoggedByEach = () => until('each has logged the outage', () => limits.logged.length >= 3);

test('a cluster that names no address is logged once, and shared once it names them', async () => {
  await setAll('cluster-preferred-endpoint-type', 'unknown-endpoint');
  limits = await ThreeLimits.open(cluster.url);
  await isLoggedByEach();
  expect(await passedAt(0)).toBe(150);
  expect(limits.logged).toEqual([NO_ADDRESS, NO_ADDRESS, NO_ADDRESS]);

  await setAll('cluster-preferred-endpoint-type', 'ip');
  await limits.are('shared');
  expect(await passedAt(0)).toBe(50);
  expect(limits.logged.slice(3).filter((line) => line !== 'shared')).toEqual([]);
});

test('a cluster that prefers names is shared without the nodes that have none, and logs them once', async () => {
  await setAll('cluster-preferred-endpoint-type', 'hostname');
  await name(['', 'localhost', 'localhost']);
  limits = await ThreeLimits.open(cluster.url);
  await limits.are('partly');
  expect(await Promise.all([0, 1, 2].map(passedAt))).toEqual([150, 50, 50]);
  expect(limits.logged.filter((line) => line !== 'shared')).toEqual([NO_ADDRESS, NO_ADDRESS, NO_ADDRESS]);

  await name(['localhost', 'localhost', 'localhost']);
  await limits.are('shared');
  expect(await passedAt(0)).toBe(50);
});

test('a cluster that is not ready when the processes start is logged once, and shared once it is', async () => {
  const { inside } = cluster.masters[0]!;
  const isReady = async () => (await inside.cluster('INFO')).includes('cluster_state:ok');
  await setAll('cluster-require-full-coverage', 'yes');
  await Promise.all(cluster.masters.map((node) => node.inside.cluster('DELSLOTS', 0)));
  await until('the cluster is not ready', async () => !(await isReady()));
  limits = await ThreeLimits.open(cluster.url);
  await isLoggedByEach();
  const reason = 'the cluster is not ready: CLUSTER INFO has its state';
  expect(limits.logged).toEqual([reason, reason, reason]);
  await inside.cluster('ADDSLOTS', 0);
  await limits.are('shared');
  expect(await passedAt(1)).toBe(50);
});
