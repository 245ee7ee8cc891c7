/** How much a key of the demo is used, and at which hours. */
export interface UsageHabit {
  /** The average of a working day. */
  readonly requestsPerDay: number;
  readonly rhythm: 'office' | 'always' | 'nightly';
  /** The share of refused requests, from 0 to 1. */
  readonly refusedShare?: number;
  /** Days since the last request. 0 if the key is in use. */
  readonly endedDaysAgo?: number;
}

export interface MadeUpHour {
  /** The start of the hour. */
  readonly hour: Date;
  readonly requests: number;
  readonly refused: number;
}

const HOUR_MS = 3_600_000;
const HOURS = 30 * 24;
const WEEKEND_SHARE = 0.35;

/** The relative weight of each hour of the day, in UTC. */
const RHYTHMS: Readonly<Record<UsageHabit['rhythm'], readonly number[]>> = {
  office: [0, 0, 0, 0, 0, 1, 2, 5, 9, 12, 12, 11, 9, 10, 12, 11, 9, 6, 4, 3, 2, 1, 1, 0],
  always: [3, 2, 2, 2, 2, 3, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 4, 4, 3],
  nightly: [0, 0, 40, 38, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
};

/**
 * Generates 30 days of plausible usage up to the current hour. The result depends only on the arguments. Hours without
 * requests are left out.
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

/** Returns a pseudo-random number from 0 to 1 that depends only on the arguments. */
function chance(seed: number, at: number): number {
  const wave = Math.sin(seed * 127.1 + at * 311.7) * 43_758.5453;
  return wave - Math.floor(wave);
}
