import type { Config } from '../../core/config/config.js';
import type { Log } from '../../core/logging/log.js';
import { chargeOf, limitsOf } from './charge-script.js';
import { StandInRateLimit } from './stand-in-rate-limit.js';
import { type LimitMode, RateLimitStorage } from './rate-limit-storage.js';
import type { Charge, RateWindow } from './rate-window.js';
import type { BackendListener, RedisBackend } from './redis-backend.js';
import { RedisCluster } from './redis-cluster.js';
import { RedisServer } from './redis-server.js';
import { RedisShard, TICK_MS } from './redis-shard.js';

const REFRESH_EVERY_TICKS = 10;
const PROBE_LIMIT = 1_000_000_000;
const PROBE_MS = 1_000;

/** The windows of a request, as the script takes them. */
interface Asked {
  readonly tag: string;
  readonly slot: number;
  readonly keys: readonly string[];
  readonly limits: readonly number[];
}

export type RedisAddress = Pick<Config, 'redisSentinelLogin'> & { readonly redis: NonNullable<Config['redis']> };

/**
 * Exact for any number of processes: one script checks and charges. While a server is unavailable, each process counts
 * the requests of its slots alone, from the counts that it last saw. Once the server answers, it gets what was counted.
 */
export class RedisRateLimit extends RateLimitStorage implements BackendListener {
  readonly #servers = new Map<string, RedisShard>();
  /** Slots that fail although their servers answer. */
  readonly #lostSlots = new Map<number, RedisShard>();
  readonly #asked = new WeakMap<readonly RateWindow[], Asked>();
  /** Without slots, but with answers that are still on their way. */
  readonly #leaving = new Set<RedisShard>();
  readonly #watch: NodeJS.Timeout;
  #backend: RedisBackend | undefined;
  #mode: LimitMode = 'alone';
  /** Undefined: it has never been shared, and the log doesn't have the reason yet. */
  #loggedMode: LimitMode | undefined;
  #ticks = 0;

  /** Shares counters once Redis answers. */
  static async open(address: RedisAddress, log: Pick<Log, 'info' | 'warn'>): Promise<RedisRateLimit> {
    const limits = new RedisRateLimit(new StandInRateLimit(), log);
    const { redis } = address;
    limits.#backend =
      redis.kind === 'cluster'
        ? await RedisCluster.open(redis, limits)
        : await RedisServer.open({ ...address, redis }, limits);
    return limits;
  }

  /** @param alone the storage while Redis is unavailable */
  private constructor(
    private readonly alone: StandInRateLimit,
    private readonly log: Pick<Log, 'info' | 'warn'>,
  ) {
    super();
    this.#watch = setInterval(() => this.#tick(), TICK_MS).unref();
  }

  override get mode(): LimitMode {
    return this.#mode;
  }

  override charge(windows: readonly RateWindow[]): Charge | Promise<Charge> {
    return this.#charge(windows, 1);
  }

  override look(windows: readonly RateWindow[]): Charge | Promise<Charge> {
    return this.#charge(windows, 0);
  }

  override close(): void {
    clearInterval(this.#watch);
    this.#backend?.close();
  }

  connected(): void {
    const tags = this.#backend!.tagsByServer();
    for (const [server, shard] of this.#servers) {
      if (tags.has(server)) continue;
      this.#servers.delete(server);
      this.#leaving.add(shard);
    }
    for (const [server, tag] of tags) {
      const shard = this.#servers.get(server) ?? this.#addServer(server, tag);
      if (shard.state !== 'shared') shard.prove();
    }
    this.#changed(this.#backend!.trouble);
  }

  disconnected(server: string): void {
    this.#servers.get(server)?.fail('closed');
  }

  unreachable(reason: string): void {
    if (this.#loggedMode === undefined) this.#changed(reason);
  }

  #charge(windows: readonly RateWindow[], hits: 0 | 1): Charge | Promise<Charge> {
    const backend = this.#backend!;
    const { tag, slot, keys, limits } = this.#askedOf(windows);
    const server = this.#lostSlots.has(slot) ? undefined : backend.serverOf(slot);
    const shard = server === undefined ? undefined : (this.#servers.get(server) ?? this.#addServer(server, tag));
    if (shard === undefined || shard.state === 'alone') return this.#chargeAlone(windows, hits);
    const counts = this.alone.takeCounts(windows);
    return shard.ask(
      () => backend.commands.chargeWindows(windows.length, ...keys, ...limits, hits, ...counts),
      (answer) => {
        if (answer === undefined) {
          this.alone.returnCounts(windows, counts);
          return this.#chargeAlone(windows, hits);
        }
        this.alone.follow(windows, answer);
        return chargeOf(answer, windows);
      },
      (error) => this.#failed(error, tag, slot, server!),
    );
  }

  #chargeAlone(windows: readonly RateWindow[], hits: 0 | 1): Charge {
    return hits === 1 ? this.alone.charge(windows) : this.alone.look(windows);
  }

  #askedOf(windows: readonly RateWindow[]): Asked {
    let asked = this.#asked.get(windows);
    if (asked === undefined) {
      const backend = this.#backend!;
      const { tag } = windows[0]!;
      const keys = windows.map((window) => backend.keyOf(window));
      asked = { tag, slot: backend.slotOf(tag), keys, limits: limitsOf(windows) };
      this.#asked.set(windows, asked);
    }
    return asked;
  }

  /** A server that the cluster named meanwhile is asked at once: requests wait for it as they would for a known one. */
  #addServer(server: string, tag: string): RedisShard {
    const backend = this.#backend!;
    const shard = new RedisShard({
      probe: () => this.#probe(backend.tagsByServer().get(server) ?? tag),
      changed: (reason) => {
        if (reason?.startsWith('READONLY')) backend.reconnect(server);
        this.#changed(reason, server);
      },
      hung: () => backend.reconnect(server),
    });
    this.#servers.set(server, shard);
    return shard;
  }

  #failed(error: Error, tag: string, slot: number, server: string): void {
    if (this.#backend!.extentOf(error) === 'server') this.#servers.get(server)?.fail(error.message);
    else if (!this.#lostSlots.has(slot)) this.#loseSlot(error, tag, slot);
  }

  #loseSlot({ message }: Error, tag: string, slot: number): void {
    const shard = new RedisShard({
      probe: () => this.#probe(tag),
      changed: (reason) => {
        if (reason === undefined) this.#lostSlots.delete(slot);
        this.#changed(reason);
      },
      hung: () => undefined,
    });
    this.#lostSlots.set(slot, shard);
    shard.fail(message);
  }

  /** The script itself, because a server may answer other commands and refuse this one. */
  #probe(tag: string): Promise<unknown> {
    const keys = this.#backend!.probeKeys(tag);
    const limits = keys.flatMap(() => [PROBE_LIMIT, PROBE_MS]);
    return this.#backend!.commands.chargeWindows(keys.length, ...keys, ...limits, 1);
  }

  #tick(): void {
    for (const shard of this.#servers.values()) shard.tick();
    for (const shard of this.#lostSlots.values()) shard.tick();
    for (const shard of this.#leaving) {
      if (shard.isIdle) this.#leaving.delete(shard);
      else shard.tick();
    }
    if (this.#mode !== 'shared' && ++this.#ticks % REFRESH_EVERY_TICKS === 0) this.#backend?.refresh();
  }

  #changed(reason?: string, server?: string): void {
    if (reason !== undefined) this.alone.doubt();
    this.#mode = this.#modeNow();
    const before = this.#loggedMode;
    const isNews = before === undefined ? this.#mode !== 'alone' || reason !== undefined : this.#mode !== before;
    if (!isNews) return;
    this.#loggedMode = this.#mode;
    if (this.#mode === 'shared') this.log.info('rate limits are shared through Redis');
    else if (this.#mode === 'alone') {
      const hint = /^(CROSSSLOT|MOVED)/.test(reason ?? '') && { hint: 'a cluster needs REDIS_URL=redis+cluster://…' };
      this.log.warn({ reason, ...hint }, 'Redis is unavailable: each process limits alone until it is back');
    } else if (before === 'alone') this.log.info('rate limits are shared through a part of Redis');
    else {
      const message = 'a part of Redis is unavailable: its limits are per process until it is back';
      this.log.warn({ reason, server }, message);
    }
  }

  #modeNow(): LimitMode {
    const shards = [...this.#servers.values()];
    const isSettled = shards.some(({ state }) => state === 'alone') || shards.every(({ state }) => state === 'shared');
    // Servers that have not been tried are neither shared nor lost.
    if (shards.length > 0 && !isSettled) return this.#mode;
    if (!shards.some(({ state }) => state === 'shared')) return 'alone';
    const isWhole = this.#backend!.isComplete && this.#lostSlots.size === 0;
    return isWhole && shards.every(({ state }) => state === 'shared') ? 'shared' : 'partly';
  }
}
