import type { Cluster } from 'ioredis';
import type { RedisHosts } from '../../core/config/redis-url.js';
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

const SLOTS = 16_384;
/** Of one command, while slots move between servers. */
const REDIRECTIONS_MAX = 5;
/** Errors about one slot: it has no server, or is being moved. */
const SLOT_ERRORS = ['CLUSTERDOWN Hash slot', 'Too many Cluster redirections', 'TRYAGAIN', 'CROSSSLOT'];

/** A cluster. The windows of a request have one tag, so they are in one slot, and one script charges them. */
export class RedisCluster implements RedisBackend {
  #tags: ReadonlyMap<string, string> = new Map();
  #isComplete = false;

  static async open({ hosts, login, isEncrypted }: RedisHosts, listener: BackendListener): Promise<RedisCluster> {
    const { Cluster: Client, Command } = await import('ioredis');
    const client = new Client([...hosts], {
      clusterRetryStrategy: retryAfterMs,
      maxRedirections: REDIRECTIONS_MAX,
      // A command whose server is lost fails at once: it may have been charged, and the request must not wait.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      // Names stay names, which certificates are about.
      dnsLookup: (host, found) => found(null, host),
      redisOptions: {
        ...login,
        ...(isEncrypted && { tls: {} }),
        autoResendUnfulfilledCommands: false,
        maxRetriesPerRequest: 0,
        connectTimeout: CONNECT_TIMEOUT_MS,
        disconnectTimeout: DISCONNECT_TIMEOUT_MS,
      },
    });
    return new RedisCluster(client, (tag) => new Command('get', [tag]).getSlot(), listener);
  }

  private constructor(
    readonly commands: Cluster,
    readonly slotOf: (tag: string) => number,
    listener: BackendListener,
  ) {
    commands.defineCommand('chargeWindows', { lua: CHARGE_SCRIPT });
    commands.on('error', ({ message }: Error) => listener.unreachable(message));
    const connected = () => {
      if (this.commands.status !== 'ready') return;
      this.#readSlots();
      listener.connected();
    };
    commands.on('ready', connected).on('refresh', connected);
    commands.on('-node', ({ options }: { options: { host: string; port: number } }) =>
      listener.disconnected(`${options.host}:${options.port}`),
    );
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  keyOf({ tag, key }: RateWindow): string {
    return `${KEY_PREFIX}{${tag}}${key}`;
  }

  serverOf(slot: number): string | undefined {
    return this.commands.status === 'ready' ? this.commands.slots[slot]?.[0] : undefined;
  }

  probeKeys(tag: string): readonly string[] {
    return [`${KEY_PREFIX}{${tag}}probe`];
  }

  tagsByServer(): ReadonlyMap<string, string> {
    return this.#tags;
  }

  extentOf({ message }: Error): 'slot' | 'server' {
    return SLOT_ERRORS.some((start) => message.startsWith(start)) ? 'slot' : 'server';
  }

  reconnect(server: string): void {
    this.commands
      .nodes('master')
      .find(({ options }) => `${options.host}:${options.port}` === server)
      ?.disconnect();
  }

  refresh(): void {
    this.commands.refreshSlotsCache((error) => {
      // No known server answers: start again from the configured ones.
      if (error && this.commands.status === 'ready') this.commands.disconnect(true);
    });
  }

  close(): void {
    this.commands.removeAllListeners('-node').disconnect();
  }

  #readSlots(): void {
    const { slots } = this.commands;
    const servers = new Set<string>();
    let covered = 0;
    for (let slot = 0; slot < SLOTS; slot++) {
      const server = slots[slot]?.[0];
      if (server === undefined) continue;
      covered++;
      servers.add(server);
    }
    this.#isComplete = covered === SLOTS;
    const tags = new Map([...this.#tags].filter(([server, tag]) => slots[this.slotOf(tag)]?.[0] === server));
    // Tries names until each server has one: a few for large shares of the slots, some thousands for one slot.
    for (let name = 0; [...servers].some((server) => !tags.has(server)) && name < 20 * SLOTS; name++) {
      const server = slots[this.slotOf(String(name))]?.[0];
      if (server !== undefined && !tags.has(server)) tags.set(server, String(name));
    }
    this.#tags = tags;
  }
}
