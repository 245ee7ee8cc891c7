import { setTimeout as pause } from 'node:timers/promises';
import { isDataException } from '../../errors/postgres-error.js';
import { type DatabaseAddress, START_CONNECT_TIMEOUT_MS } from '../connection-settings.js';
import { PreparedReads, type ReadValues } from './prepared-read.js';
import { ReadLane } from './read-lane.js';
import type { Statement, TextAnswer } from './statement.js';

/** Two saturate Postgres and this process. More only cost memory in Postgres. */
const LANES = 2;
const REOPEN_AFTER_MS = 200;
/** A failed read may still take 1.5 s for a pool connection and 3 s for its statement, within a request's 5 s. */
const FAILOVER_WITHIN_MS = 500;

/**
 * Reads that are pipelined over a few dedicated connections. Only for statements that are quick by construction: a slow
 * one delays all behind it. A lane that fails is replaced. Its unanswered reads, and reads while no lane is open, go to
 * the fallback.
 */
export class PipelinedReads extends PreparedReads {
  readonly #lanes: ReadLane[] = [];
  #isClosed = false;

  private constructor(
    private readonly address: DatabaseAddress,
    private readonly fallback: PreparedReads,
  ) {
    super();
  }

  static async open(address: DatabaseAddress, fallback: PreparedReads): Promise<PipelinedReads> {
    const reads = new PipelinedReads(address, fallback);
    await Promise.all(Array.from({ length: LANES }, () => reads.#openLane(START_CONNECT_TIMEOUT_MS)));
    return reads;
  }

  run(statement: Statement, values: ReadValues): Promise<TextAnswer> {
    const lane = this.#leastBusy();
    if (lane === undefined) return this.fallback.run(statement, values);
    return new Promise((resolve, reject) => {
      lane.send(statement, values, (error, answer, waitedMs) => {
        if (error === null) resolve(answer);
        else if (isFinal(error) || waitedMs > FAILOVER_WITHIN_MS) reject(error);
        else {
          this.#replace(lane);
          resolve(this.fallback.run(statement, values));
        }
      });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#lanes.splice(0).map((lane) => lane.close()));
  }

  #leastBusy(): ReadLane | undefined {
    let leastBusy = this.#lanes[0];
    for (const lane of this.#lanes) if (lane.waiting < leastBusy!.waiting) leastBusy = lane;
    return leastBusy;
  }

  async #openLane(connectTimeoutMs: number): Promise<void> {
    const lane = await ReadLane.open(this.address, connectTimeoutMs, (ended) => this.#replace(ended));
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
        return await this.#openLane(this.address.timeouts.connectMs);
      } catch {
        // Reads go to the fallback meanwhile, which reports the error.
        await pause(REOPEN_AFTER_MS, undefined, { ref: false });
      }
    }
  }
}

/** True for an error that a second attempt would meet again: bad data, or the statement timeout. */
function isFinal(error: Error & { code?: string }): boolean {
  return isDataException(error) || error.code === '57014';
}
