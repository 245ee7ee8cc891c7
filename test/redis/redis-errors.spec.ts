import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OwnRedis } from '../support/own-redis.js';
import { OwnRedisCluster } from '../support/own-redis-cluster.js';
import { repeated, ThreeLimits, windowsOfKey } from '../support/shared-limits.js';
import { until } from '../support/until.js';

const PROBES = 9;

/** Proves that nothing is shared: each process passes the limit, also after it has probed Redis several times. */
async function expectAlone(limits: ThreeLimits, refusals: () => Promise<number>): Promise<void> {
  const before = await refusals();
  await until('Redis has refused some probes', async () => (await refusals()) >= before + PROBES);
  const windows = windowsOfKey({ key: 100 });
  for (let round = 0; round < 6; round++) {
    const asked = await limits.passed(repeated(150, () => windows));
    expect(asked).toBe(round < 2 ? 150 : 0);
  }
  expect(limits.each.map(({ mode }) => mode)).toEqual(['alone', 'alone', 'alone']);
}

async function errorsOf(inside: Redis): Promise<number> {
  return Number(/total_error_replies:(\d+)/.exec(await inside.info('stats'))![1]);
}

describe('a Redis that answers PING and refuses to count is not shared', () => {
  let redis: OwnRedis;
  let inside: Redis;
  let limits: ThreeLimits;
  beforeAll(async () => {
    redis = await OwnRedis.start();
    inside = redis.connect();
    limits = await ThreeLimits.open(redis.url);
    await limits.are('shared');
  });
  afterAll(async () => {
    limits.close();
    inside.disconnect();
    await redis.close();
  });

  test.each([
    ['READONLY', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
    ['OOM', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
    ['NOREPLICAS', ['CONFIG', 'SET', 'min-replicas-to-write', '1'], ['CONFIG', 'SET', 'min-replicas-to-write', '0']],
    [
      "can't run this command|no permissions",
      ['ACL', 'SETUSER', 'default', '-incr'],
      ['ACL', 'SETUSER', 'default', '+incr'],
    ],
    ['NOPERM', ['ACL', 'SETUSER', 'default', 'resetkeys'], ['ACL', 'SETUSER', 'default', '~*']],
  ])('%s: %j', async (reason, spoil, mend) => {
    const windows = windowsOfKey({ key: 200 });
    expect(await limits.passed(repeated(300, () => windows))).toBe(200);
    const logged = limits.logged.length;
    await inside.call(...(spoil as [string, ...string[]]));
    await limits.passed(repeated(3, () => windowsOfKey({})));
    await limits.are('alone');
    await expectAlone(limits, () => errorsOf(inside));
    // They still know that the limit was used up.
    expect(await limits.passed(repeated(300, () => windows))).toBe(0);
    await inside.call(...(mend as [string, ...string[]]));
    await limits.are('shared');
    const afterwards = windowsOfKey({ key: 200 });
    expect(await limits.passed(repeated(1_200, () => afterwards))).toBe(200);
    expect(limits.logged.slice(logged).filter((line) => line === 'shared')).toHaveLength(3);
    expect(limits.logged.slice(logged).filter((line) => new RegExp(reason).test(line))).toHaveLength(3);
    expect(limits.logged.slice(logged)).toHaveLength(6);
  });

  test('a wrong password is not shared, until it is right', async () => {
    await inside.config('SET', 'requirepass', 'secret');
    const others = await ThreeLimits.open(redis.url.replace('//', '//:wrong@'));
    await expectAlone(others, () => errorsOf(inside));
    await inside.config('SET', 'requirepass', 'wrong');
    await others.are('shared');
    others.close();
    await inside.config('SET', 'requirepass', '');
  });
});

test('a node of a cluster, configured as one server, is never shared', async () => {
  const cluster = await OwnRedisCluster.start({ hasReplicas: false });
  const { redis, inside } = cluster.masters[0]!;
  const limits = await ThreeLimits.open(redis.url);
  await expectAlone(limits, () => errorsOf(inside));
  const crossSlot = "CROSSSLOT Keys in request don't hash to the same slot";
  expect(limits.logged).toEqual([crossSlot, crossSlot, crossSlot]);
  limits.close();
  await cluster.close();
});
