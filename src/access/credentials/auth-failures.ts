import { accessErrors } from '../errors/access.errors.js';
import { AuthenticationFailure } from './authentication-failure.js';
import { rateLimited } from '../rate-limit/rate-limited.js';

/** Counters of one client network (`Client` in client-ip.ts) in its current window. */
interface Client {
  failures: number;
  /** Attempts without a result yet. */
  pending: number;
  /** Attempts that wait for a pending one to end, oldest first. */
  readonly waiting: (() => void)[];
  /** Monotonic milliseconds. */
  endsAt: number;
}

const TOO_MANY = new AuthenticationFailure('too_many_failures');
const WINDOW_MS = 60_000;
/** Bounds memory: the oldest networks are dropped first. */
const NETWORKS_MAX = 100_000;
/** Equals the wait for a connection of the pool, so that a hung database delays a request once, not twice. */
const WAIT_MS_MAX = 1_500;

/**
 * Limits authentication attempts that cost a query, a signature check or an argon2 run, per client network. Only
 * failures use up the limit. Counted per process, because it protects the process.
 */
export class AuthFailures {
  readonly #clients = new Map<string, Client>();

  constructor(private readonly perMinute: number) {}

  /**
   * Runs `authenticate` and counts it if it fails. Failures and pending attempts together never exceed the limit, so a burst
   * can't fail more often than that. Further attempts wait; valid credentials pass in turn.
   * @param hasFailed tests the result. An attempt that throws isn't counted: a fault says nothing about the credential.
   * @throws AppError rate_limited (429) after too many failures of this network in a minute; verification_busy (503)
   *   when no pending attempt ended in time
   */
  async attempt<T>(network: string, authenticate: () => Promise<T>, hasFailed: (result: T) => boolean) {
    const client = await this.#enter(network);
    let failed = false;
    try {
      const result = await authenticate();
      failed = hasFailed(result);
      return result;
    } finally {
      client.pending--;
      if (failed) client.failures++;
      const free = this.perMinute - client.failures - client.pending;
      // At the limit all waiting attempts wake up and are refused.
      const woken = client.failures >= this.perMinute ? client.waiting.length : free;
      for (const wake of client.waiting.splice(0, woken)) wake();
    }
  }

  /** @throws AppError rate_limited (429) after too many failures of this network in a minute */
  throwIfTooMany(network: string): void {
    const client = this.#clients.get(network);
    if (client !== undefined) this.#throwIfTooMany(client);
  }

  async #enter(network: string): Promise<Client> {
    for (;;) {
      const client = this.#clientOf(network);
      this.#throwIfTooMany(client);
      if (client.failures + client.pending < this.perMinute) {
        client.pending++;
        return client;
      }
      if (!(await this.#turnOf(client))) throw accessErrors.verification_busy();
    }
  }

  /** Resolves to false when no pending attempt ended in time. */
  async #turnOf({ waiting }: Client): Promise<boolean> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timeout);
        resolve(true);
      };
      const timeout = setTimeout(() => {
        waiting.splice(waiting.indexOf(wake), 1);
        resolve(false);
      }, WAIT_MS_MAX);
      waiting.push(wake);
    });
  }

  #clientOf(network: string): Client {
    const now = performance.now();
    const known = this.#clients.get(network);
    if (known && now < known.endsAt) return known;
    const client = known ?? { failures: 0, pending: 0, waiting: [], endsAt: 0 };
    client.failures = 0;
    client.endsAt = now + WINDOW_MS;
    this.#clients.delete(network);
    this.#clients.set(network, client);
    if (this.#clients.size > NETWORKS_MAX) this.#clients.delete(this.#clients.keys().next().value!);
    return client;
  }

  #throwIfTooMany({ failures, endsAt }: Client): void {
    if (failures < this.perMinute) return;
    const leftMs = endsAt - performance.now();
    if (leftMs <= 0) return;
    throw rateLimited({ limit: this.perMinute, windowSeconds: 60 }, Math.ceil(leftMs / 1000), TOO_MANY);
  }
}
