import type pg from 'pg';

const CHECK_EVERY_MS = 500;

/** pg's own flag: false from sending a statement until the server is ready for the next one. */
interface Answering {
  readonly readyForQuery?: boolean;
}

/** True while Postgres still works on a statement of the client, also after the client stopped waiting. */
export function isAnswering(client: pg.PoolClient): boolean {
  return (client as Answering).readyForQuery === false;
}

/**
 * Pooled connections whose statement timed out here and still runs in Postgres. A COMMIT that waits for a standby has no
 * timeout and doesn't notice that its client is gone, so a pool that opened another connection would use up the server's.
 * Each connection keeps its place until Postgres has answered or closed it, or runs no such statement any more.
 */
export class UnansweredConnections {
  /** With what frees the place of each. */
  readonly #held = new Map<pg.PoolClient, () => void>();
  readonly #closed = new WeakSet<pg.PoolClient>();
  #check: NodeJS.Timeout | undefined;
  #isCounting = false;

  /** @param countRunning returns how many overdue statements Postgres runs, at least; undefined: unknown */
  constructor(private readonly countRunning: () => Promise<number | undefined>) {}

  get size(): number {
    return this.#held.size;
  }

  /** Must be called for each new connection. */
  watch(client: pg.PoolClient): void {
    // No owner listens to a held connection.
    client.on('error', () => undefined);
    client.once('end', () => {
      this.#closed.add(client);
      this.#free(client);
    });
    client.on('drain', () => this.#free(client));
  }

  /**
   * @param free called once, when nothing holds the place any more
   * @returns false: the connection is closed, so that nothing holds its place
   */
  hold(client: pg.PoolClient, free: () => void): boolean {
    if (this.#closed.has(client)) return false;
    if (this.#held.has(client))
      throw new Error('Release called on client which has already been released to the pool.');
    this.#held.set(client, free);
    this.#check ??= setInterval(() => void this.#freeForgotten(), CHECK_EVERY_MS).unref();
    return true;
  }

  /** Closes the connections. */
  freeAll(): void {
    for (const client of [...this.#held.keys()]) this.#abandon(client);
  }

  /** For connections that never get an answer, such as those to a primary that another one has replaced. */
  async #freeForgotten(): Promise<void> {
    if (this.#isCounting) return;
    this.#isCounting = true;
    const candidates = [...this.#held.keys()];
    const running = await this.countRunning().catch(() => undefined);
    this.#isCounting = false;
    if (running === undefined) return;
    for (const client of candidates.slice(0, Math.max(0, candidates.length - running))) this.#abandon(client);
  }

  /** Closing the connection frees its place. */
  #abandon(client: pg.PoolClient): void {
    if (this.#held.has(client)) client.connection.stream.destroy();
  }

  #free(client: pg.PoolClient): void {
    const free = this.#held.get(client);
    if (free === undefined) return;
    this.#held.delete(client);
    if (this.#held.size === 0) {
      clearInterval(this.#check);
      this.#check = undefined;
    }
    free();
  }
}
