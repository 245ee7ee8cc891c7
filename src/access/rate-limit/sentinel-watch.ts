import type { Redis, RedisOptions } from 'ioredis';
import { CONNECT_TIMEOUT_MS } from './redis-backend.js';

const SWITCH = '+switch-master';
const RECONNECT_MS = 1_000;

/**
 * Listens to the sentinels, because a master that an operator replaces goes on counting for some seconds, until the
 * sentinels make it a replica. A message that is missed delays the switch until then.
 */
export class SentinelWatch {
  readonly #sentinels: readonly Redis[];

  /** @param switched gets the address of the new master */
  constructor(
    Client: typeof Redis,
    sentinels: readonly RedisOptions[],
    masterName: string,
    switched: (host: string, port: number) => void,
  ) {
    this.#sentinels = sentinels.map((options) => {
      const sentinel = new Client({
        ...options,
        enableReadyCheck: false,
        autoResubscribe: false,
        connectTimeout: CONNECT_TIMEOUT_MS,
        retryStrategy: () => RECONNECT_MS,
      });
      // Another sentinel knows as well.
      sentinel.on('error', () => undefined);
      sentinel.on('ready', () => void sentinel.subscribe(SWITCH).catch(() => undefined));
      sentinel.on('message', (_channel: string, message: string) => {
        const [name, , , host, port] = message.split(' ');
        if (name === masterName) switched(host!, Number(port));
      });
      return sentinel;
    });
  }

  close(): void {
    for (const sentinel of this.#sentinels) sentinel.disconnect();
  }
}
