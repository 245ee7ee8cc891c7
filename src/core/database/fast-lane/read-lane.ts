import pg from 'pg';
import { ANSWER_TIMEOUT_MS, connectionSettings } from '../connection-settings.js';
import type { ReadValues } from './prepared-read.js';
import type { Statement, TextAnswer } from './statement.js';
import { TextQuery } from './text-query.js';

const WATCH_EVERY_MS = 500;

interface WaitingRead {
  readonly query: TextQuery;
  readonly sentAtMs: number;
}

/** One pipelining connection, from its opening to its end. Answers come in the order that reads were sent in. */
export class ReadLane {
  readonly #client: pg.Client;
  readonly #waiting = new Set<WaitingRead>();
  #isOpen = false;

  private constructor(url: string, connectTimeoutMs: number, onEnd: (lane: ReadLane) => void) {
    // The lane watches over its reads itself: a timer for each would cost a fifth of it.
    this.#client = new pg.Client({ ...connectionSettings(url, connectTimeoutMs), query_timeout: 0, pipeline: true });
    this.#client.on('error', () => this.#end(onEnd));
    this.#client.on('end', () => this.#end(onEnd));
  }

  /** @param onEnd called once, when an open lane has lost its connection */
  static async open(url: string, connectTimeoutMs: number, onEnd: (lane: ReadLane) => void): Promise<ReadLane> {
    const lane = new ReadLane(url, connectTimeoutMs, onEnd);
    await lane.#client.connect();
    lane.#isOpen = true;
    const watch = setInterval(() => lane.#endWhenOverdue(), WATCH_EVERY_MS).unref();
    lane.#client.once('end', () => clearInterval(watch));
    return lane;
  }

  /** How many reads were sent and not answered yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** @param settle called once; with an error also the milliseconds that the read had waited */
  send(
    statement: Statement,
    values: ReadValues,
    settle: (error: Error | null, answer: TextAnswer, waitedMs: number) => void,
  ): void {
    const query = new TextQuery(statement, values, (error, answer) => {
      // Who was told that the lane is overdue hears of its connection's end too.
      if (this.#waiting.delete(read)) settle(error, answer, error ? performance.now() - read.sentAtMs : 0);
    });
    const read = { query, sentAtMs: performance.now() };
    this.#waiting.add(read);
    query.sendOn(this.#client);
  }

  /** Waits for the reads that were sent. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#client.end();
  }

  #end(onEnd: (lane: ReadLane) => void): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    onEnd(this);
  }

  /** The server ends a slow statement itself; a server that says nothing at all is noticed here. */
  #endWhenOverdue(): void {
    const [oldest] = this.#waiting;
    if (oldest === undefined || performance.now() - oldest.sentAtMs < ANSWER_TIMEOUT_MS) return;
    const error = new Error('Query read timeout');
    for (const { query } of [...this.#waiting]) query.handleError(error);
    this.#client.connection.stream.destroy();
  }
}
