import { setTimeout as pause } from 'node:timers/promises';
import { isDataException } from '../../errors/postgres-error.js';
import { CONNECT_TIMEOUT_MS, START_CONNECT_TIMEOUT_MS } from '../connection-settings.js';
import { PreparedReads, type ReadValues } from './prepared-read.js';
import { ReadLane } from './read-lane.js';
import type { Statement, TextAnswer } from './statement.js';

/** Two use what Postgres and this process can give; more only take memory there. */
const LANES = 2;
const REOPEN_AFTER_MS = 200;
/** What is left of a request's 5 s when the pool takes its time: 1.5 s for a connection, 3 s for the statement. */
const FAILOVER_WITHIN_MS = 500;

/**
 * Reads over a few connections of their own, sent without waiting for the answers before them. For statements that
 * are quick by construction: a slow one holds up all behind it. A lane that fails is replaced; what it left
 * unanswered, and what comes while no lane is open, goes to the other implementation.
 */
export class PipelinedReads extends PreparedReads {
  readonly #lanes: ReadLane[] = [];
  #isClosed = false;

  private constructor(
    private readonly url: string,
    private readonly other: PreparedReads,
  ) {
    super();
  }

  static async open(url: string, other: PreparedReads): Promise<PipelinedReads> {
    const reads = new PipelinedReads(url, other);
    await Promise.all(Array.from({ length: LANES }, () => reads.#openLane(START_CONNECT_TIMEOUT_MS)));
    return reads;
  }

  run(statement: Statement, values: ReadValues): Promise<TextAnswer> {
    const lane = this.#freest();
    if (lane === undefined) return this.other.run(statement, values);
    return new Promise((resolve, reject) => {
      lane.send(statement, values, (error, answer, waitedMs) => {
        if (error === null) resolve(answer);
        else if (isAnswer(error) || waitedMs > FAILOVER_WITHIN_MS) reject(error);
        else {
          this.#replace(lane);
          resolve(this.other.run(statement, values));
        }
      });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#lanes.splice(0).map((lane) => lane.close()));
  }

  #freest(): ReadLane | undefined {
    let freest = this.#lanes[0];
    for (const lane of this.#lanes) if (lane.waiting < freest!.waiting) freest = lane;
    return freest;
  }

  async #openLane(connectTimeoutMs: number): Promise<void> {
    const lane = await ReadLane.open(this.url, connectTimeoutMs, (ended) => this.#replace(ended));
    if (this.#isClosed) await lane.close();
    else this.#lanes.push(lane);
  }

  #replace(lane: ReadLane): void {
    const at = this.#lanes.indexOf(lane);
    if (at < 0) return;
    this.#lanes.splice(at, 1);
    void lane.close();
    void this.#reopen();
  }

  async #reopen(): Promise<void> {
    while (!this.#isClosed) {
      try {
        return await this.#openLane(CONNECT_TIMEOUT_MS);
      } catch {
        // Reads go to the other implementation meanwhile, which tells them what is wrong.
        await pause(REOPEN_AFTER_MS, undefined, { ref: false });
      }
    }
  }
}

/** The database's word on this statement, which asking again wouldn't change in the time that is left. */
function isAnswer(error: Error & { code?: string }): boolean {
  return isDataException(error) || error.code === '57014';
}
