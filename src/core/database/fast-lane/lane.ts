import pg from 'pg';
import { connectionSettings, type DatabaseAddress } from '../connection-settings.js';
import { PrimaryClient } from '../primary-client.js';
import { failUnconfirmedCommits } from '../unconfirmed-commit.js';
import type { WireValue } from '../wire-value.js';
import type { Statement, TextAnswer } from './statement.js';
import { TextQuery } from './text-query.js';

const WATCH_EVERY_MS = 500;

export interface LaneOptions {
  /** How long a statement waits for a lock before it fails, and lets those behind it run. */
  readonly lockTimeoutMs?: number;
  /**
   * What happens to the connection when Postgres is silent for too long. `end`: Postgres aborts what it was doing. `keep`: a
   * COMMIT may be waiting, and would occupy a session beside the next connection.
   */
  readonly whenSilent: 'end' | 'keep';
}

/** @param waitedMs after an error: how long the statement had waited */
export type Settle = (error: (Error & { code?: string }) | null, answer: TextAnswer, waitedMs: number) => void;

interface WaitingStatement {
  readonly query: TextQuery;
  readonly sentAtMs: number;
}

/** One pipelining connection. Each statement is a transaction of its own. Answers arrive in the order of sending. */
export class Lane {
  readonly #client: pg.Client;
  readonly #waiting = new Set<WaitingStatement>();
  readonly #answerMs: number;
  #isOpen = false;
  #isSilent = false;

  private constructor(
    { url, timeouts }: DatabaseAddress,
    private readonly options: LaneOptions,
    connectTimeoutMs: number,
    onEnd: (lane: Lane) => void,
  ) {
    this.#answerMs = timeouts.answerMs;
    this.#client = new PrimaryClient({
      ...connectionSettings(url, timeouts, connectTimeoutMs),
      ...(options.lockTimeoutMs !== undefined && { lock_timeout: options.lockTimeoutMs }),
      // The lane times its statements out itself: a timer for each would cost a fifth of a read.
      query_timeout: 0,
      pipeline: true,
    });
    failUnconfirmedCommits(this.#client);
    this.#client.on('error', () => this.#end(onEnd));
    this.#client.on('end', () => this.#end(onEnd));
  }

  /** @param onEnd called once, when an open lane has lost its connection */
  static async open(
    address: DatabaseAddress,
    options: LaneOptions,
    connectTimeoutMs: number,
    onEnd: (lane: Lane) => void,
  ): Promise<Lane> {
    const lane = new Lane(address, options, connectTimeoutMs, onEnd);
    await lane.#client.connect();
    lane.#isOpen = true;
    const watch = setInterval(() => lane.#watchSilence(), WATCH_EVERY_MS).unref();
    lane.#client.once('end', () => clearInterval(watch));
    return lane;
  }

  /** The number of statements that are sent and not answered. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** True from the timeout of a statement until Postgres answers again. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** @param settle called once */
  send(statement: Statement, values: readonly WireValue[], settle: Settle): void {
    const query = new TextQuery(statement, values, (error, answer) => {
      this.#isSilent = false;
      // A statement that timed out is answered later, or gets the error of the connection's end.
      if (this.#waiting.delete(sent)) settle(error, answer, error ? performance.now() - sent.sentAtMs : 0);
    });
    const sent = { query, sentAtMs: performance.now() };
    this.#waiting.add(sent);
    query.sendOn(this.#client);
  }

  /** Resolves when the statements in flight are answered. */
  async close(): Promise<void> {
    this.#isOpen = false;
    if (this.#isSilent) this.#client.connection.stream.destroy();
    else await this.#client.end();
  }

  #end(onEnd: (lane: Lane) => void): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    onEnd(this);
  }

  /** Postgres cancels a slow statement itself; this is for a server that is silent. */
  #watchSilence(): void {
    const [oldest] = this.#waiting;
    if (oldest === undefined || performance.now() - oldest.sentAtMs < this.#answerMs) return;
    const error = new Error('Query read timeout');
    for (const { query } of [...this.#waiting]) query.handleError(error);
    this.#isSilent = true;
    if (this.options.whenSilent === 'end') this.#client.connection.stream.destroy();
  }
}
