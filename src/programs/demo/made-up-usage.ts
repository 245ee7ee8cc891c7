/** How a key of the demo is used: how much, and when. */
export interface UsageHabit {
  /** On a usual working day. */
  readonly requestsPerDay: number;
  readonly rhythm: 'office' | 'always' | 'nightly';
  /** Of all requests, from 0 to 1. */
  readonly refusedShare?: number;
  /** Since when nobody uses it any more; 0: it is in use. */
  readonly endedDaysAgo?: number;
}

export interface MadeUpHour {
  /** Its first instant. */
  readonly hour: Date;
  readonly requests: number;
  readonly refused: number;
}

const HOUR_MS = 3_600_000;
const HOURS = 30 * 24;
const WEEKEND_SHARE = 0.35;

/** A day's share of each hour, by the UTC clock. */
const RHYTHMS: Readonly<Record<UsageHabit['rhythm'], readonly number[]>> = {
  office: [0, 0, 0, 0, 0, 1, 2, 5, 9, 12, 12, 11, 9, 10, 12, 11, 9, 6, 4, 3, 2, 1, 1, 0],
  always: [3, 2, 2, 2, 2, 3, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 4, 4, 3],
  nightly: [0, 0, 40, 38, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
};

/**
 * Thirty days that look as if people had lived them: the same for the same seed, and without the hours of which nothing
 * is known yet.
 */
export function madeUpUsage(habit: UsageHabit, seed: number, now: Date): MadeUpHour[] {
  const thisHour = Math.floor(now.getTime() / HOUR_MS);
  const { endedDaysAgo = 0, refusedShare = 0, requestsPerDay } = habit;
  const shares = RHYTHMS[habit.rhythm];
  const whole = shares.reduce((sum, share) => sum + share, 0);
  return Array.from({ length: HOURS }, (_, index) => thisHour - HOURS + 1 + index)
    .filter((hour) => hour <= thisHour - endedDaysAgo * 24)
    .map((hour) => {
      const at = new Date(hour * HOUR_MS);
      const day = Math.floor(hour / 24);
      const isWeekend = [0, 6].includes(at.getUTCDay());
      const mood =
        (0.75 + 0.5 * chance(seed, day)) * (0.8 + 0.4 * chance(seed, hour)) * (isWeekend ? WEEKEND_SHARE : 1);
      const requests = Math.round(((requestsPerDay * shares[at.getUTCHours()]!) / whole) * mood);
      return { hour: at, requests, refused: Math.round(requests * refusedShare * 2 * chance(seed + 1, hour)) };
    })
    .filter(({ requests }) => requests > 0);
}

/** From 0 to 1, and as good as random from one number to the next. */
function chance(seed: number, at: number): number {
  const wave = Math.sin(seed * 127.1 + at * 311.7) * 43_758.5453;
  return wave - Math.floor(wave);
}
