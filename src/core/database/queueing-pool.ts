import pg from 'pg';
import { PrimaryClient } from './primary-client.js';
import { isAnswering, UnansweredConnections } from './unanswered-connections.js';

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (error?: boolean | Error) => void,
) => void;

/** Runs a statement of one text column on a connection outside the pool. */
export type Probe = (
  statement: { readonly name: string; readonly text: string },
  values: readonly (string | null)[],
) => Promise<string | null | undefined>;

interface Waiter {
  readonly begin: () => void;
  readonly giveUp: (error: Error) => void;
  /** In ticks of the watch. */
  readonly sinceTick: number;
}

const TICK_MS = 100;
const SILENT_TICKS_MAX = 15;
/** Leaves one second for the answer. */
const PROBE_AFTER_TICKS = 5;
/** Above this length of the queue a caller gets an error at once. */
const WAITING_MAX = 5_000;

const SIGN_OF_LIFE = { name: 'probe', text: 'SELECT 1' };
/** Statements of this role that run for longer than $1 ms, such as a COMMIT that waits for a standby. */
const OVERDUE = {
  name: 'probe.overdue',
  text: `
    SELECT count(*)::text FROM pg_stat_activity
    WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'
      AND state_change < clock_timestamp() - $1::int * interval '1 ms'`,
};

/** Such a connection is never used again: its next owner's statements would not be committed. */
function isInTransaction(client: pg.PoolClient): boolean {
  return client.getTransactionStatus() !== 'I';
}

/**
 * A pool whose callers queue as long as the database answers other callers. pg's own pool gives up after a fixed wait,
 * so a rush on a healthy database ends in 503s. Here only 1.5 s without any answer do. The time is counted in ticks,
 * because a stalled event loop would mistake its own silence for the database's. When every connection waits for a
 * lock, only a probe on another connection tells a busy database from a silent one.
 *
 * A connection whose statement timed out keeps its place while Postgres works on it, so that the pool's size bounds the
 * sessions in Postgres. Meanwhile callers wait 1.5 s at most: their own statements will hardly do better.
 */
export class QueueingPool extends pg.Pool {
  readonly #waiting: Waiter[] = [];
  #free: number;
  #tick = 0;
  #answeredTick = 0;
  #watch: NodeJS.Timeout | undefined;
  #probe: Probe | undefined;
  #isProbing = false;
  readonly #unanswered = new UnansweredConnections(() => this.#countOverdue());

  constructor(config: pg.PoolConfig) {
    super({ ...config, Client: PrimaryClient });
    this.#free = this.options.max;
    // After each statement, also inside a long transaction.
    this.on('connect', (client) => {
      client.on('drain', () => this.#hear());
      this.#unanswered.watch(client);
    });
  }

  /** @param probe an answer shows that the database is alive */
  probeBy(probe: Probe): void {
    this.#probe = probe;
  }

  /** How many callers wait for a connection; pg's own queue stays empty. */
  get queueLength(): number {
    return this.#waiting.length;
  }

  override end(): Promise<void>;
  override end(callback: () => void): void;
  override end(callback?: () => void): Promise<void> | void {
    this.#unanswered.freeAll();
    return callback === undefined ? super.end() : super.end(callback);
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<pg.PoolClient> | void {
    if (callback !== undefined) return this.#turn(callback);
    return new Promise((resolve, reject) => {
      this.#turn((error, client) => (error ? reject(error) : resolve(client!)));
    });
  }

  #turn(callback: Connected): void {
    const giveUp = (error: Error) => callback(error, undefined, () => undefined);
    const begin = () => this.#connect(callback);
    if (this.#free > 0) {
      this.#free--;
      begin();
    } else if (this.#waiting.length >= WAITING_MAX) {
      giveUp(new Error(`timeout exceeded when trying to connect: ${WAITING_MAX} wait already`));
    } else {
      this.#waiting.push({ begin, giveUp, sinceTick: this.#tick });
      this.#watch ??= setInterval(() => this.#watchSilence(), TICK_MS).unref();
    }
  }

  #connect(callback: Connected): void {
    super.connect((error, client, release) => {
      if (error || !client) {
        // Later: the next caller may fail as quickly, and thousands of failures would be one deep call.
        setImmediate(() => this.#next());
        return callback(error, undefined, release);
      }
      const releaseClient = client.release.bind(client);
      const freePlace = (lost?: boolean | Error) => {
        releaseClient(lost);
        this.#next();
      };
      client.release = (lost?: boolean | Error) => {
        const free = () => freePlace(lost || isInTransaction(client));
        if (!isAnswering(client) || !this.#unanswered.hold(client, free)) free();
      };
      callback(undefined, client, client.release);
    });
  }

  /** A place has become free. */
  #next(): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#free++;
    else waiter.begin();
    this.#stopWatchWhenIdle();
  }

  #hear(): void {
    this.#answeredTick = this.#tick;
  }

  #watchSilence(): void {
    this.#tick++;
    if (this.#tick - this.#answeredTick >= PROBE_AFTER_TICKS) void this.#askForLife();
    this.#giveUpOnSilence();
    this.#stopWatchWhenIdle();
  }

  async #askForLife(): Promise<void> {
    if (this.#isProbing || this.#probe === undefined) return;
    this.#isProbing = true;
    try {
      await this.#probe(SIGN_OF_LIFE, []);
      this.#hear();
    } catch {
      // The database is silent. Any other fault fails the next statement, which reports it.
    } finally {
      this.#isProbing = false;
    }
  }

  async #countOverdue(): Promise<number | undefined> {
    const olderThanMs = (this.options.query_timeout ?? 0) / 2;
    const count = await this.#probe?.(OVERDUE, [String(Math.floor(olderThanMs))]);
    return count == null ? undefined : Number(count);
  }

  #giveUpOnSilence(): void {
    const answeredTick = this.#unanswered.size > 0 ? 0 : this.#answeredTick;
    const isTooLong = ({ sinceTick }: Waiter) => this.#tick - Math.max(sinceTick, answeredTick) >= SILENT_TICKS_MAX;
    while (this.#waiting[0] !== undefined && isTooLong(this.#waiting[0])) {
      this.#waiting.shift()!.giveUp(new Error('timeout exceeded when trying to connect'));
    }
  }

  #stopWatchWhenIdle(): void {
    if (this.#waiting.length > 0) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
  }
}
