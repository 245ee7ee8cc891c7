import { randomUUID } from 'node:crypto';
import type { RateWindow } from '../../src/access/rate-limit/rate-window.js';
import { RedisRateLimit } from '../../src/access/rate-limit/redis-rate-limit.js';
import { loadConfig } from '../../src/core/config/config.js';
import { until } from './until.js';

/** The limits of three servers that share one Redis, without the servers. */
export class ThreeLimits {
  private constructor(
    readonly each: readonly RedisRateLimit[],
    /** What they logged: the reason of an outage, or `shared`. */
    readonly logged: readonly string[],
  ) {}

  static async open(url: string, settings: Readonly<Record<string, string>> = {}): Promise<ThreeLimits> {
    const logged: string[] = [];
    const log = {
      info: () => void logged.push('shared'),
      warn: (details: unknown) => void logged.push((details as { reason: string }).reason),
    };
    const { redis, redisSentinelLogin } = loadConfig({ REDIS_URL: url, ...settings });
    const opened = [1, 2, 3].map(() => RedisRateLimit.open({ redis: redis!, redisSentinelLogin }, log));
    return new ThreeLimits(await Promise.all(opened), logged);
  }

  async are(mode: RedisRateLimit['mode']): Promise<void> {
    await until(`all limits are ${mode}`, () => this.each.every((limits) => limits.mode === mode), { everyMs: 5 });
  }

  /** Charges all at once, in turn at each. Returns how many passed. */
  async passed(requests: readonly (readonly RateWindow[])[]): Promise<number> {
    const charges = requests.map((windows, at) => this.each[at % this.each.length]!.charge(windows));
    return (await Promise.all(charges)).filter(({ refusedBy }) => refusedBy === undefined).length;
  }

  close(): void {
    for (const limits of this.each) limits.close();
  }
}

/** The windows of a key of an org of a partner, as each server computes them. */
export function windowsOfKey(
  limits: { readonly key?: number; readonly org?: number; readonly partner?: number },
  { partner = randomUUID() as string, org = randomUUID() as string, key = randomUUID() as string } = {},
): readonly RateWindow[] {
  const { key: ofKey = 1_000_000, org: ofOrg = 1_000_000, partner: ofPartner = 1_000_000 } = limits;
  return [
    { name: 'key-min', key: `key-min:${key}`, tag: partner, limit: ofKey, windowSeconds: 60 },
    { name: 'key-hour', key: `key-hour:${key}`, tag: partner, limit: 1_000_000, windowSeconds: 3600 },
    { name: 'org-min', key: `org-min:${org}`, tag: partner, limit: ofOrg, windowSeconds: 60, isShared: true },
    {
      name: 'partner-orgs-min',
      key: `partner:${partner}`,
      tag: partner,
      limit: ofPartner,
      windowSeconds: 60,
      isShared: true,
    },
  ];
}

export function repeated<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}
