import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LimitedServers } from '../support/limited-servers.js';
import { scaled } from '../support/load.js';
import type { OwnRedis } from '../support/own-redis.js';
import { OwnRedisCluster } from '../support/own-redis-cluster.js';
import { OwnSentinels } from '../support/own-sentinels.js';
import { report } from '../support/report.js';
import { until } from '../support/until.js';

const LIMIT = 100;
const BUSY_LIMIT = 1_000;
const PASSWORDS = { servers: 'counts', sentinels: 'watch' };

/** A Redis with a replica for each master. */
interface Replicated {
  readonly url: string;
  /** The master that has the counters of a partner. */
  master(partnerId: string): Promise<OwnRedis>;
  makeReplica(former: OwnRedis): Promise<void>;
  close(): Promise<void>;
}

/** Starts it, with the settings of the servers besides its URL. */
const REPLICATED: [string, Record<string, string>, () => Promise<Replicated>][] = [
  ['a cluster', {}, () => OwnRedisCluster.start({ hasReplicas: true })],
  ['Sentinel', { REDIS_SENTINEL_PASSWORD: PASSWORDS.sentinels }, () => OwnSentinels.start(PASSWORDS)],
];

describe.each(REPLICATED)('three processes on %s', (name, settings, start) => {
  let redis: Replicated;
  let limited: LimitedServers;
  beforeAll(async () => {
    redis = await start();
    limited = await LimitedServers.start({ ...settings, REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await limited.close();
    await redis.close();
  });

  test('of 1,000 concurrent requests, exactly the limit passes', async () => {
    for (let round = 0; round < scaled(3); round++) {
      expect(await limited.ask(await limited.newKey(LIMIT), 1_000)).toEqual({ 200: LIMIT, 429: 1_000 - LIMIT });
    }
  });

  test('limits are exact through the death of a master under load, without a restart', async () => {
    for (let round = 0; round < scaled(1); round++) {
      const [half, full] = [await limited.newKey(LIMIT), await limited.newKey(LIMIT)];
      const steady = limited.steady(await limited.newKey());
      expect(await limited.ask(half, 60)).toEqual({ 200: 60 });
      expect(await limited.ask(full, 300)).toEqual({ 200: LIMIT, 429: 200 });

      const busy = limited.steady(await limited.newKey(BUSY_LIMIT));
      await busy.waitForAnswers();
      const master = await redis.master(limited.installation.partnerId);
      await master.kill();
      const killedAt = performance.now();
      await until('the servers have noticed', async () => {
        const states = await Promise.all(limited.servers.map((server) => server.readiness()));
        return states.every(({ rate_limits }) => rate_limits !== 'shared');
      });
      expect(await limited.ask(full, 300)).toEqual({ 429: 300 });
      await limited.are('shared');
      report(`${name}, master killed`, { 'shared again after ms': performance.now() - killedAt });
      await until('the busy key has used up its limit', () => (busy.answers[429] ?? 0) > 100);
      await busy.stop(`${name}, key with a limit of ${BUSY_LIMIT}`);
      // Each process grants alone at most what it believes to be left.
      expect(busy.answers[200]).toBeGreaterThanOrEqual(BUSY_LIMIT - 9);
      expect(busy.answers[200]).toBeLessThanOrEqual(3 * BUSY_LIMIT);

      expect(await limited.ask(half, 600)).toEqual({ 200: LIMIT - 60, 429: 600 - (LIMIT - 60) });
      expect(await limited.ask(full, 300)).toEqual({ 429: 300 });
      expect(await limited.ask(await limited.newKey(LIMIT), 600)).toEqual({ 200: LIMIT, 429: 600 - LIMIT });
      await steady.stop(`${name}, key without a limit`);
      expect(Object.keys(steady.answers)).toEqual(['200']);
      await master.startAgain();
      await redis.makeReplica(master);
      await limited.are('shared');
    }
  });

  test('the processes logged no error except the outage of Redis', () => {
    expect(limited.servers.flatMap((server) => server.complaints)).toEqual([]);
  });
});
