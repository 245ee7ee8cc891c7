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
/** The start of an address whose host the cluster doesn't know, because it prefers names and the node has none. */
const UNKNOWN_HOST = '?:';
const NO_ADDRESS =
  'the cluster names no address of a node: check its cluster-announce-ip or -hostname and cluster-preferred-endpoint-type';
const NOT_READY = 'the cluster is not ready: CLUSTER INFO has its state';

/** A cluster. The windows of a request have one tag, so they are in one slot, and one script charges them. */
export class RedisCluster implements RedisBackend {
  #tags: ReadonlyMap<string, string> = new Map();
  #isComplete = false;
  #isNamed = true;
  readonly #closed: () => void;

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
      this.#readSlots();
      if (this.commands.status === 'ready') listener.connected();
      // The client connects to named nodes only. If there is none, it tries again and emits no error.
      else if (!this.#isNamed) listener.unreachable(NO_ADDRESS);
    };
    commands.on('ready', connected).on('refresh', connected);
    this.#closed = () => listener.unreachable(NOT_READY);
    commands.on('close', this.#closed);
    commands.on('-node', ({ options }: { options: { host: string; port: number } }) =>
      listener.disconnected(`${options.host}:${options.port}`),
    );
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  get trouble(): string | undefined {
    return this.#isNamed ? undefined : NO_ADDRESS;
  }

  keyOf({ tag, key }: RateWindow): string {
    return `${KEY_PREFIX}{${tag}}${key}`;
  }

  serverOf(slot: number): string | undefined {
    return this.commands.status === 'ready' ? this.#masterOf(slot) : undefined;
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
    this.commands.removeAllListeners('-node').off('close', this.#closed).disconnect();
  }

  #masterOf(slot: number): string | undefined {
    const address = this.commands.slots[slot]?.[0];
    return address?.startsWith(UNKNOWN_HOST) ? undefined : address;
  }

  #readSlots(): void {
    const servers = new Set<string>();
    let covered = 0;
    this.#isNamed = true;
    for (let slot = 0; slot < SLOTS; slot++) {
      const server = this.#masterOf(slot);
      if (server !== undefined) {
        covered++;
        servers.add(server);
      } else if (this.commands.slots[slot] !== undefined) this.#isNamed = false;
    }
    this.#isComplete = covered === SLOTS;
    const tags = new Map([...this.#tags].filter(([server, tag]) => this.#masterOf(this.slotOf(tag)) === server));
    // Tries names until each server has one: a few for large shares of the slots, some thousands for one slot.
    for (let name = 0; [...servers].some((server) => !tags.has(server)) && name < 20 * SLOTS; name++) {
      const server = this.#masterOf(this.slotOf(String(name)));
      if (server !== undefined && !tags.has(server)) tags.set(server, String(name));
    }
    this.#tags = tags;
  }
}
