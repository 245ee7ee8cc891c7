import { isDataException } from '../../errors/postgres-error.js';
import { CONNECTIONS } from '../connection-budget.js';
import type { DatabaseAddress } from '../connection-settings.js';
import { Lanes } from './lanes.js';
import { PreparedReads, type ReadValues } from './prepared-read.js';
import type { Statement, TextAnswer } from './statement.js';

/** A failed read may still take 1.5 s for a pool connection and 3 s for its statement, within a request's 5 s. */
const FAILOVER_WITHIN_MS = 500;

/**
 * Reads that are pipelined over a few dedicated connections. Only for statements that are quick by construction: a slow
 * one delays all behind it. A lane that fails is replaced. Its unanswered reads, and reads while no lane is open, go to
 * the fallback.
 */
export class PipelinedReads extends PreparedReads {
  private constructor(
    private readonly lanes: Lanes,
    private readonly fallback: PreparedReads,
  ) {
    super();
  }

  static async open(address: DatabaseAddress, fallback: PreparedReads): Promise<PipelinedReads> {
    return new PipelinedReads(await Lanes.open(CONNECTIONS.quickReads, address, { whenSilent: 'end' }), fallback);
  }

  run(statement: Statement, values: ReadValues): Promise<TextAnswer> {
    const lane = this.lanes.leastBusy();
    if (lane === undefined) return this.fallback.run(statement, values);
    return new Promise((resolve, reject) => {
      lane.send(statement, values, (error, answer, waitedMs) => {
        if (error === null) resolve(answer);
        else if (isFinal(error) || waitedMs > FAILOVER_WITHIN_MS) reject(error);
        else {
          this.lanes.replace(lane);
          resolve(this.fallback.run(statement, values));
        }
      });
    });
  }

  close(): Promise<void> {
    return this.lanes.close();
  }
}

/** True for an error that a second attempt would meet again: bad data, or the statement timeout. */
function isFinal(error: Error & { code?: string }): boolean {
  return isDataException(error) || error.code === '57014';
}
