import type { Redis, Result } from 'ioredis';
import type { Log } from '../../core/logging/log.js';
import { MemoryRateLimit } from './memory-rate-limit.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import type { Charge, RateWindow } from './rate-window.js';

/** KEYS: the windows. ARGV: limit and length in ms of each, then the hits (0 or 1). Returns {full window or 0, hits…, ms left…}. */
const CHARGE = `
local count = #KEYS
local full = 0
local hits = tonumber(ARGV[2 * count + 1])
local answer = {}
for i = 1, count do
  answer[1 + i] = tonumber(redis.call('GET', KEYS[i]) or '0')
  if full == 0 and answer[1 + i] >= tonumber(ARGV[2 * i - 1]) then full = i end
end
for i = 1, count do
  if full == 0 and hits == 1 then
    answer[1 + i] = redis.call('INCR', KEYS[i])
    if answer[1 + i] == 1 then redis.call('PEXPIRE', KEYS[i], ARGV[2 * i]) end
  end
  local left = redis.call('PTTL', KEYS[i])
  answer[1 + count + i] = left < 0 and tonumber(ARGV[2 * i]) or left
end
answer[1] = full
return answer`;

const TICK_MS = 50;
/** After half a second without any answer, no request waits for Redis. */
const SILENT_TICKS_MAX = 10;
/** The interval of the checks whether Redis is back. */
const PROBE_EVERY_TICKS = 5;
const RECONNECT_MS_MAX = 500;
const KEY_PREFIX = 'gatehouse:limit:';

declare module 'ioredis' {
  interface RedisCommander<Context> {
    chargeWindows(count: number, ...keysAndArguments: (string | number)[]): Result<number[], Context>;
  }
}

/**
 * Exact for any number of processes: one script checks and charges. While Redis is unavailable, each process counts on
 * its own; they share counters again once it answers.
 *
 * Redis counts as unavailable when it sends nothing at all for some ticks. A timeout per answer would fire under load,
 * or while this process is stalled and answers wait unread.
 */
export class RedisRateLimit extends RateLimitStorage {
  readonly #redis: Redis;
  readonly #waiting = new Set<() => void>();
  readonly #watch: NodeJS.Timeout;
  #isShared = false;
  #isProbing = false;
  #tick = 0;
  #answeredTick = 0;

  /** Shares counters once Redis answers. */
  static async open(url: string, log: Pick<Log, 'info' | 'warn'>): Promise<RedisRateLimit> {
    const { Redis: Client } = await import('ioredis');
    const redis = new Client(url, {
      // Commands fail at once while Redis is unavailable, so that requests don't queue.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(attempt * 50, RECONNECT_MS_MAX),
    });
    return new RedisRateLimit(redis, new MemoryRateLimit(), log);
  }

  /** @param alone the storage while Redis is unavailable */
  private constructor(
    redis: Redis,
    private readonly alone: MemoryRateLimit,
    private readonly log: Pick<Log, 'info' | 'warn'>,
  ) {
    super();
    this.#redis = redis;
    this.#redis.defineCommand('chargeWindows', { lua: CHARGE });
    // Each failed connection emits an error; the change of mode is logged instead, once.
    this.#redis.on('error', () => undefined);
    this.#redis.on('ready', () => this.#share());
    this.#redis.on('close', () => this.#limitAlone('closed'));
    this.#watch = setInterval(() => this.#look(), TICK_MS).unref();
  }

  override get mode(): 'shared' | 'alone' {
    return this.#isShared ? 'shared' : 'alone';
  }

  override charge(windows: readonly RateWindow[]): Charge | Promise<Charge> {
    return this.#isShared ? this.#chargeShared(windows, 1) : this.alone.charge(windows);
  }

  override look(windows: readonly RateWindow[]): Charge | Promise<Charge> {
    return this.#isShared ? this.#chargeShared(windows, 0) : this.alone.look(windows);
  }

  override close(): void {
    clearInterval(this.#watch);
    this.#redis.removeAllListeners('close').disconnect();
  }

  #chargeShared(windows: readonly RateWindow[], hits: 0 | 1): Promise<Charge> {
    const keys = windows.map((window) => KEY_PREFIX + window.key);
    const limits = windows.flatMap((window) => [window.limit, window.windowSeconds * 1000]);
    // No request waited until now, so the silence starts here.
    if (this.#waiting.size === 0) this.#answeredTick = this.#tick;
    return new Promise((resolve) => {
      const chargeAlone = () => resolve(hits === 1 ? this.alone.charge(windows) : this.alone.look(windows));
      this.#waiting.add(chargeAlone);
      this.#redis.chargeWindows(windows.length, ...keys, ...limits, hits).then(
        (answer) => {
          this.#answeredTick = this.#tick;
          if (this.#waiting.delete(chargeAlone)) resolve(chargeOf(answer, windows));
        },
        (error: Error) => this.#limitAlone(error.message),
      );
    });
  }

  #look(): void {
    this.#tick++;
    if (this.#isShared) {
      if (this.#waiting.size > 0 && this.#tick - this.#answeredTick >= SILENT_TICKS_MAX) this.#limitAlone('silent');
    } else if (!this.#isProbing && this.#tick % PROBE_EVERY_TICKS === 0) this.#probe();
  }

  /** A hung Redis closes no connection, so only a command shows that it answers again. */
  #probe(): void {
    this.#isProbing = true;
    this.#redis
      .ping()
      .then(() => this.#share())
      .catch(() => undefined)
      .finally(() => (this.#isProbing = false));
  }

  #share(): void {
    if (this.#isShared) return;
    this.#isShared = true;
    this.log.info('rate limits are shared through Redis');
  }

  /** Includes the requests that wait for an answer. */
  #limitAlone(reason: string): void {
    if (this.#isShared) this.log.warn({ reason }, 'Redis is unavailable: each process limits alone until it is back');
    this.#isShared = false;
    for (const chargeAlone of this.#waiting) chargeAlone();
    this.#waiting.clear();
  }
}

function chargeOf(answer: readonly number[], windows: readonly RateWindow[]): Charge {
  const full = answer[0]!;
  return {
    refusedBy: full === 0 ? undefined : windows[full - 1],
    standings: windows.map((window, index) => ({
      name: window.name,
      remaining: window.limit - answer[1 + index]!,
      resetSeconds: Math.max(1, Math.ceil(answer[1 + windows.length + index]! / 1000)),
    })),
  };
}
