import pg from 'pg';
import { connectionSettings, type DatabaseAddress } from '../connection-settings.js';
import type { ReadValues } from './prepared-read.js';
import type { Statement, TextAnswer } from './statement.js';
import { TextQuery } from './text-query.js';

const WATCH_EVERY_MS = 500;

interface WaitingRead {
  readonly query: TextQuery;
  readonly sentAtMs: number;
}

/** One pipelining connection. Answers arrive in the order in which reads were sent. */
export class ReadLane {
  readonly #client: pg.Client;
  readonly #waiting = new Set<WaitingRead>();
  readonly #answerMs: number;
  #isOpen = false;

  private constructor({ url, timeouts }: DatabaseAddress, connectTimeoutMs: number, onEnd: (lane: ReadLane) => void) {
    this.#answerMs = timeouts.answerMs;
    // The lane times its reads out itself: a timer for each read would cost a fifth of the read.
    const settings = connectionSettings(url, timeouts, connectTimeoutMs);
    this.#client = new pg.Client({ ...settings, query_timeout: 0, pipeline: true });
    this.#client.on('error', () => this.#end(onEnd));
    this.#client.on('end', () => this.#end(onEnd));
  }

  /** @param onEnd called once, when an open lane has lost its connection */
  static async open(
    address: DatabaseAddress,
    connectTimeoutMs: number,
    onEnd: (lane: ReadLane) => void,
  ): Promise<ReadLane> {
    const lane = new ReadLane(address, connectTimeoutMs, onEnd);
    await lane.#client.connect();
    lane.#isOpen = true;
    const watch = setInterval(() => lane.#endWhenOverdue(), WATCH_EVERY_MS).unref();
    lane.#client.once('end', () => clearInterval(watch));
    return lane;
  }

  /** The number of reads that are sent and not answered. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** @param settle called once; after an error `waitedMs` says how long the read had waited */
  send(
    statement: Statement,
    values: ReadValues,
    settle: (error: Error | null, answer: TextAnswer, waitedMs: number) => void,
  ): void {
    const query = new TextQuery(statement, values, (error, answer) => {
      // A read that timed out also gets the error of the connection's end.
      if (this.#waiting.delete(read)) settle(error, answer, error ? performance.now() - read.sentAtMs : 0);
    });
    const read = { query, sentAtMs: performance.now() };
    this.#waiting.add(read);
    query.sendOn(this.#client);
  }

  /** Resolves when the reads in flight are answered. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#client.end();
  }

  #end(onEnd: (lane: ReadLane) => void): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    onEnd(this);
  }

  /** Postgres cancels a slow statement itself; this is for a server that is silent. */
  #endWhenOverdue(): void {
    const [oldest] = this.#waiting;
    if (oldest === undefined || performance.now() - oldest.sentAtMs < this.#answerMs) return;
    const error = new Error('Query read timeout');
    for (const { query } of [...this.#waiting]) query.handleError(error);
    this.#client.connection.stream.destroy();
  }
}
