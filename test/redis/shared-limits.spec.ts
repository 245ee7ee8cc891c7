import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RateWindow } from '../../src/access/rate-limit/rate-window.js';
import { type RedisAddress, RedisRateLimit } from '../../src/access/rate-limit/redis-rate-limit.js';
import { loadConfig } from '../../src/core/config/config.js';
import { OwnRedis } from '../support/own-redis.js';
import { report } from '../support/report.js';
import { REDIS_PROGRAM } from '../support/system-programs.js';
import { until } from '../support/until.js';

let redis: OwnRedis;
let limits: RedisRateLimit;
let inside: Redis;
beforeAll(async () => {
  redis = await OwnRedis.start();
  inside = new Redis(redis.url);
  const server = await inside.info('server');
  // Valkey also names the version of Redis that it is compatible with.
  const [version] = /^valkey_version:\S+/m.exec(server) ?? /^redis_version:\S+/m.exec(server)!;
  report('program', { version, program: REDIS_PROGRAM });
  limits = await RedisRateLimit.open(loadConfig({ REDIS_URL: redis.url }) as RedisAddress, {
    info: () => undefined,
    warn: () => undefined,
  });
  await until('limits are shared', () => limits.mode === 'shared');
});
afterAll(async () => {
  limits.close();
  inside.disconnect();
  await redis.close();
});

const newWindow = (limit: number, windowSeconds: 60 | 3600 = 60): RateWindow => {
  return { name: windowSeconds === 60 ? 'key-min' : 'key-hour', key: randomUUID(), tag: 'one', limit, windowSeconds };
};
const keyOf = ({ key }: RateWindow) => `gatehouse:limit:${key}`;
const hitsIn = async (window: RateWindow) => Number(await inside.get(keyOf(window)));

test('every window ends a fixed time after its first request', async () => {
  const windows = [newWindow(5), newWindow(5, 3600)];
  await limits.charge(windows);
  const ends = await Promise.all(windows.map((window) => inside.pexpiretime(keyOf(window))));
  const { standings } = await limits.charge(windows);
  expect(await Promise.all(windows.map((window) => inside.pexpiretime(keyOf(window))))).toEqual(ends);
  const [seconds, microseconds] = await inside.time();
  const nowMs = Number(seconds) * 1000 + Number(microseconds) / 1000;
  windows.forEach(({ windowSeconds }, at) => {
    expect(ends[at]).toBeGreaterThan(nowMs);
    expect(ends[at]).toBeLessThanOrEqual(nowMs + windowSeconds * 1000);
    expect(standings[at]!.resetSeconds).toBeLessThanOrEqual(windowSeconds);
  });
  expect(standings.map(({ remaining }) => remaining)).toEqual([3, 3]);
});

test('the storage contract of @nestjs/throttler counts in Redis too', async () => {
  const key = randomUUID();
  const hit = () => limits.increment(key, 60_000, 1, 0, 'default');
  expect(await hit()).toMatchObject({ totalHits: 1, isBlocked: false, timeToBlockExpire: 0 });
  const { isBlocked, timeToExpire, timeToBlockExpire } = await hit();
  expect([isBlocked, timeToBlockExpire]).toEqual([true, timeToExpire]);
  expect(await inside.get(`gatehouse:limit:default:${key}`)).toBe('1');
});

test('an ended window starts again', async () => {
  const window = newWindow(1);
  await limits.charge([window]);
  expect((await limits.charge([window])).refusedBy).toBe(window);
  await inside.pexpire(keyOf(window), 1);
  await until('it has ended', async () => (await inside.exists(keyOf(window))) === 0);
  expect((await limits.charge([window])).refusedBy).toBe(undefined);
  expect((await limits.charge([window])).refusedBy).toBe(window);
});

test.each([
  ['first', (wide: RateWindow, full: RateWindow) => [full, wide]],
  ['last', (wide: RateWindow, full: RateWindow) => [wide, full]],
])('a refused request is charged to no other window, with the exceeded window %s', async (_, order) => {
  const [wide, full] = [newWindow(10), newWindow(2)];
  const windows = order(wide, full);
  for (let request = 0; request < 5; request++) await limits.charge(windows);
  expect([await hitsIn(wide), await hitsIn(full)]).toEqual([2, 2]);
  const fresh = newWindow(10);
  expect((await limits.charge(order(fresh, full))).refusedBy).toBe(full);
  expect(await inside.exists(keyOf(fresh))).toBe(0);
});
