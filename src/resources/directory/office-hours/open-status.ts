import { LAST_INSTANT_MS } from '../../../core/validation/instant.js';
import { DAYS_OF_WEEK, type Shift } from './shift.js';
import { stretchesOf, type ZoneStretch } from './zone-offset.js';

const DAY_MS = 86_400_000;
/** A shift in the hour that DST skips can be a week late. After three weeks a schedule repeats. */
const LOOK_AHEAD_MS = 21 * DAY_MS;

export interface Schedule {
  readonly iana_timezone: string;
  readonly shifts: readonly Shift[];
}

/** Half-open: excludes `endMs`. */
export interface OpenInterval {
  readonly startMs: number;
  readonly endMs: number;
}

/** @returns whether a schedule is open at an instant, and when that changes next; null: never */
export function openStatusAt(schedule: Schedule, atMs: number): { isOpen: boolean; nextChangeAtMs: number | null } {
  const untilMs = Math.min(atMs + LOOK_AHEAD_MS, LAST_INSTANT_MS);
  const [first] = openIntervals(schedule, atMs, untilMs);
  if (first === undefined) return { isOpen: false, nextChangeAtMs: null };
  if (first.startMs > atMs) return { isOpen: false, nextChangeAtMs: first.startMs };
  return { isOpen: true, nextChangeAtMs: first.endMs < untilMs ? first.endMs : null };
}

/**
 * Intervals between two instants in which a schedule is open, in order. Overlapping and adjoining shifts are merged. The
 * local clock decides: an hour that DST skips doesn't exist, and an hour that it repeats counts twice.
 */
export function openIntervals(schedule: Schedule, fromMs: number, toMs: number): OpenInterval[] {
  return merged(
    stretchesOf(schedule.iana_timezone, fromMs, toMs).flatMap((stretch) =>
      schedule.shifts.flatMap((shift) => withinStretch(shift, stretch)),
    ),
  );
}

/** Intervals of a shift while the zone's offset is constant. Local times are calculated as if they were UTC. */
function withinStretch(shift: Shift, { fromMs, toMs, offsetMs }: ZoneStretch): OpenInterval[] {
  const days: readonly number[] = DAYS_OF_WEEK[shift.day_of_week];
  const intervals: OpenInterval[] = [];
  for (let dayMs = Math.floor((fromMs + offsetMs) / DAY_MS) * DAY_MS; dayMs < toMs + offsetMs; dayMs += DAY_MS) {
    if (!days.includes(new Date(dayMs).getUTCDay())) continue;
    const startMs = Math.max(dayMs + timeOfDayMs(shift.start_time) - offsetMs, fromMs);
    const endMs = Math.min(dayMs + timeOfDayMs(shift.end_time) - offsetMs, toMs);
    if (startMs < endMs) intervals.push({ startMs, endMs });
  }
  return intervals;
}

function merged(intervals: readonly OpenInterval[]): OpenInterval[] {
  const result: OpenInterval[] = [];
  for (const interval of [...intervals].sort((one, other) => one.startMs - other.startMs)) {
    const last = result.at(-1);
    if (last === undefined || interval.startMs > last.endMs) result.push(interval);
    else result[result.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, interval.endMs) };
  }
  return result;
}

function timeOfDayMs(time: string): number {
  const [hours, minutes, seconds] = time.split(':').map(Number);
  return ((hours! * 60 + minutes!) * 60 + seconds!) * 1_000;
}
