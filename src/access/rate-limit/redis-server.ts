import type { Redis, RedisOptions } from 'ioredis';
import type { Config } from '../../core/config/config.js';
import { CHARGE_SCRIPT } from './charge-script.js';
import type { RateWindow } from './rate-window.js';
import {
  CONNECT_TIMEOUT_MS,
  DISCONNECT_TIMEOUT_MS,
  KEY_PREFIX,
  retryAfterMs,
  type BackendListener,
  type RedisBackend,
} from './redis-backend.js';
import { SentinelWatch } from './sentinel-watch.js';

const SERVER = 'server';
const SENTINEL_TIMEOUT_MS = 500;
const SILENT_REFRESHES_MAX = 2;
const NONE: ReadonlyMap<string, string> = new Map();

type Address = Pick<Config, 'redisSentinelLogin'> & {
  readonly redis: Exclude<Config['redis'], undefined | { kind: 'cluster' }>;
};

/** One server, which sentinels may replace by another. */
export class RedisServer implements RedisBackend {
  readonly isComplete = true;
  readonly trouble = undefined;
  readonly #tags = new Map([[SERVER, '']]);
  #silentRefreshes = 0;
  #sentinels: SentinelWatch | undefined;

  static async open(address: Address, listener: BackendListener): Promise<RedisServer> {
    const { Redis: Client } = await import('ioredis');
    const options: RedisOptions = {
      // Commands fail at once while Redis is unavailable, so that requests don't queue.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: retryAfterMs,
      connectTimeout: CONNECT_TIMEOUT_MS,
      disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    };
    const { redis } = address;
    if (redis.kind === 'server') return new RedisServer(new Client(redis.url, options), listener);
    const server = new RedisServer(new Client({ ...options, ...sentinelOptions(redis, address) }), listener);
    const tls = redis.isEncrypted ? { tls: {} } : {};
    const sentinels = redis.hosts.map((host) => ({ ...host, ...address.redisSentinelLogin, ...tls }));
    server.#sentinels = new SentinelWatch(Client, sentinels, redis.masterName, (host, port) => {
      const { remoteAddress, remotePort } = server.commands.stream;
      // A name is never the address of a connection, and an unnecessary connection takes milliseconds.
      if (remoteAddress !== host || remotePort !== port) server.reconnect();
    });
    return server;
  }

  private constructor(
    readonly commands: Redis,
    listener: BackendListener,
  ) {
    commands.defineCommand('chargeWindows', { lua: CHARGE_SCRIPT });
    // Each failed connection emits an error; the listener logs the change of mode, once.
    commands.on('error', ({ message }: Error) => listener.unreachable(message));
    commands.on('ready', () => listener.connected());
    commands.on('close', () => listener.disconnected(SERVER));
  }

  keyOf({ key }: RateWindow): string {
    return KEY_PREFIX + key;
  }

  slotOf(): number {
    return 0;
  }

  serverOf(): string | undefined {
    return this.commands.status === 'ready' ? SERVER : undefined;
  }

  /** Keys of two slots, which a node of a cluster refuses. */
  probeKeys(): readonly string[] {
    return [`${KEY_PREFIX}probe:1`, `${KEY_PREFIX}probe:2`];
  }

  tagsByServer(): ReadonlyMap<string, string> {
    return this.commands.status === 'ready' ? this.#tags : NONE;
  }

  extentOf(): 'server' {
    return 'server';
  }

  reconnect(): void {
    // In any other state the client is about to connect, and an interruption would end it.
    if (this.commands.status === 'ready' || this.commands.status === 'connect') this.commands.disconnect(true);
  }

  /** A server that accepts connections and doesn't answer would be waited for, even if sentinels have replaced it. */
  refresh(): void {
    this.#silentRefreshes = this.commands.status === 'connect' ? this.#silentRefreshes + 1 : 0;
    if (this.#silentRefreshes >= SILENT_REFRESHES_MAX) this.reconnect();
  }

  close(): void {
    this.#sentinels?.close();
    this.commands.removeAllListeners('close').disconnect();
  }
}

function sentinelOptions(
  { hosts, masterName, database, login, isEncrypted }: Extract<Address['redis'], { kind: 'sentinel' }>,
  { redisSentinelLogin }: Address,
): RedisOptions {
  return {
    sentinels: [...hosts],
    name: masterName,
    db: database,
    ...login,
    ...(redisSentinelLogin.username !== undefined && { sentinelUsername: redisSentinelLogin.username }),
    ...(redisSentinelLogin.password !== undefined && { sentinelPassword: redisSentinelLogin.password }),
    ...(isEncrypted && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
    sentinelRetryStrategy: retryAfterMs,
    sentinelCommandTimeout: SENTINEL_TIMEOUT_MS,
  };
}
