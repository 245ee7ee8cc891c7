import { openIntervals, type Schedule } from '../../directory/office-hours/open-status.js';

/** Null: around the clock. */
export type Hours = Schedule | null;

const WEEK_MS = 7 * 86_400_000;
/** Few schedules take longer than a week or two for what they are asked; each look ahead is twice as long. */
const LOOK_AHEAD_MS = 2 * WEEK_MS;
/** The longest target takes a year of full weeks. Of a schedule of minutes a week it takes decades, and nobody waits. */
const LOOK_AHEAD_MAX_MS = 104 * WEEK_MS;

/** How many seconds of an interval are within the hours. */
export function secondsWithin(hours: Hours, fromMs: number, toMs: number): number {
  if (toMs <= fromMs) return 0;
  if (hours === null) return (toMs - fromMs) / 1_000;
  return openIntervals(hours, fromMs, toMs).reduce((sum, { startMs, endMs }) => sum + (endMs - startMs) / 1_000, 0);
}

/**
 * When that many seconds within the hours have passed: at the end of a shift rather than at the start of the next.
 * @returns null when that takes more than two years
 */
export function instantAfter(hours: Hours, fromMs: number, seconds: number): number | null {
  if (hours === null || seconds <= 0) return fromMs + Math.max(seconds, 0) * 1_000;
  let leftMs = seconds * 1_000;
  let startMs = fromMs;
  for (let aheadMs = LOOK_AHEAD_MS; startMs < fromMs + LOOK_AHEAD_MAX_MS; aheadMs *= 2) {
    for (const open of openIntervals(hours, startMs, startMs + aheadMs)) {
      const openMs = open.endMs - open.startMs;
      if (openMs >= leftMs) return open.startMs + leftMs;
      leftMs -= openMs;
    }
    startMs += aheadMs;
  }
  return null;
}
