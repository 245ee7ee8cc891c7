import { openIntervals, type Schedule } from '../../directory/office-hours/open-status.js';

/** Null: around the clock. */
export type Hours = Schedule | null;

const WEEK_MS = 7 * 86_400_000;
/** Enough for most targets. Each further look-ahead is twice as long. */
const LOOK_AHEAD_MS = 2 * WEEK_MS;
/** The longest target takes a year around the clock. With few office hours it could take decades. */
const LOOK_AHEAD_MAX_MS = 104 * WEEK_MS;

/** Counts the seconds of an interval within the office hours. */
export function secondsWithin(hours: Hours, fromMs: number, toMs: number): number {
  if (toMs <= fromMs) return 0;
  if (hours === null) return (toMs - fromMs) / 1_000;
  return openIntervals(hours, fromMs, toMs).reduce((sum, { startMs, endMs }) => sum + (endMs - startMs) / 1_000, 0);
}

/**
 * The instant after that many seconds within the office hours; the end of a shift rather than the start of the next.
 * @returns null after more than two years
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
