import { MemoryRateLimit } from './memory-rate-limit.js';
import type { Charge, RateWindow } from './rate-window.js';

const NONE: readonly number[] = [];
const WINDOW_MS_MAX = 3_600_000;

/**
 * Counts while Redis is unavailable. It continues from the counts that this process last saw in Redis, and returns what
 * Redis doesn't know.
 */
export class StandInRateLimit extends MemoryRateLimit {
  #outages = 0;
  /** After the last outage, until no window of that time is open. */
  #isAheadUntil = -Infinity;

  override charge(windows: readonly RateWindow[]): Charge {
    this.#isAheadUntil = this.now() + WINDOW_MS_MAX;
    return super.charge(windows);
  }

  /** Takes over the counts of an answer of the script. */
  follow(windows: readonly RateWindow[], answer: readonly number[]): void {
    const now = this.now();
    for (let index = 0; index < windows.length; index++) {
      const hits = answer[1 + index]!;
      if (hits === 0) continue;
      const endsAt = now + answer[1 + windows.length + index]!;
      const { key } = windows[index]!;
      const counter = this.openCounter(key, now) ?? this.start(key, now, endsAt);
      counter.hits += hits - counter.known;
      counter.known = hits;
      counter.endsAt = endsAt;
      counter.outages = this.#outages;
    }
  }

  /** Redis may lose counts from now on. */
  doubt(): void {
    this.#outages++;
    this.#isAheadUntil = this.now() + WINDOW_MS_MAX;
  }

  /**
   * The count last seen, the count since, and the ms left of each window, which the script adds to what Redis has. Empty:
   * Redis knows everything. The caller returns the counts if it can't deliver them.
   */
  takeCounts(windows: readonly RateWindow[]): readonly number[] {
    const now = this.now();
    if (now >= this.#isAheadUntil) return NONE;
    const counts: number[] = [];
    let isAhead = false;
    for (const { key } of windows) {
      const counter = this.openCounter(key, now);
      if (counter === undefined || (counter.outages === this.#outages && counter.hits === counter.known)) {
        counts.push(0, 0, 0);
        continue;
      }
      isAhead = true;
      counts.push(counter.known, counter.hits - counter.known, counter.endsAt - now);
      counter.known = counter.hits;
      counter.outages = this.#outages;
    }
    return isAhead ? counts : NONE;
  }

  returnCounts(windows: readonly RateWindow[], counts: readonly number[]): void {
    if (counts.length === 0) return;
    const now = this.now();
    windows.forEach(({ key }, index) => {
      const counter = this.openCounter(key, now);
      if (counter !== undefined) counter.known -= counts[3 * index + 1]!;
    });
  }
}
