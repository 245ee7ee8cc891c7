import { setTimeout as pause } from 'node:timers/promises';
import { type DatabaseAddress, START_CONNECT_TIMEOUT_MS } from '../connection-settings.js';
import { Lane, type LaneOptions } from './lane.js';

const REOPEN_AFTER_MS = 200;

/** A fixed number of lanes. One that loses its connection is replaced. */
export class Lanes {
  readonly #open: Lane[] = [];
  #isClosed = false;

  private constructor(
    private readonly address: DatabaseAddress,
    private readonly options: LaneOptions,
  ) {}

  /** @throws Error unless all of them open */
  static async open(count: number, address: DatabaseAddress, options: LaneOptions): Promise<Lanes> {
    const lanes = new Lanes(address, options);
    const opening = Array.from({ length: count }, () => lanes.#openLane(START_CONNECT_TIMEOUT_MS));
    const failed = (await Promise.allSettled(opening)).find((each) => each.status === 'rejected');
    if (failed === undefined) return lanes;
    await lanes.close();
    throw failed.reason;
  }

  /** Undefined: none is open and free. */
  leastBusy(isFree?: (lane: Lane) => boolean): Lane | undefined {
    let leastBusy: Lane | undefined;
    for (const lane of this.#open) {
      if (leastBusy !== undefined && lane.waiting >= leastBusy.waiting) continue;
      if (isFree === undefined || isFree(lane)) leastBusy = lane;
    }
    return leastBusy;
  }

  replace(lane: Lane): void {
    const at = this.#open.indexOf(lane);
    if (at < 0) return;
    this.#open.splice(at, 1);
    void lane.close();
    void this.#reopen();
  }

  /** Resolves when the statements in flight are answered. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#open.splice(0).map((lane) => lane.close()));
  }

  async #openLane(connectTimeoutMs: number): Promise<void> {
    const lane = await Lane.open(this.address, this.options, connectTimeoutMs, (ended) => this.replace(ended));
    if (this.#isClosed) await lane.close();
    else this.#open.push(lane);
  }

  async #reopen(): Promise<void> {
    while (!this.#isClosed) {
      try {
        return await this.#openLane(this.address.timeouts.connectMs);
      } catch {
        // Statements go to the pool meanwhile, which reports the error.
        await pause(REOPEN_AFTER_MS, undefined, { ref: false });
      }
    }
  }
}
