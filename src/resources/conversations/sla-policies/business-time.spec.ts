import { describe, expect, it } from 'vitest';
import type { Shift } from '../../directory/office-hours/shift.js';
import { type Hours, instantAfter, secondsWithin } from './business-time.js';

const inBerlin = (day_of_week: Shift['day_of_week'], start_time: string, end_time: string): Hours => ({
  iana_timezone: 'Europe/Berlin',
  shifts: [{ day_of_week, start_time, end_time }],
});
const ALWAYS = null;
const OFFICE = inBerlin('monday_to_friday', '09:00:00', '17:00:00');
const ALL_DAY = inBerlin('everyday', '00:00:00', '24:00:00');
const SUNDAY_NIGHT = inBerlin('sunday', '01:00:00', '04:00:00');
const HOUR = 3_600;

/** Calculated by hand. Berlin is at UTC+1, and at UTC+2 from 29 March to 25 October 2026. */
const CASES: [what: string, hours: Hours, from: string, seconds: number, due: string][] = [
  ['around the clock', ALWAYS, '2026-03-27T15:30:00Z', HOUR, '2026-03-27T16:30:00.000Z'],
  ['within a shift', OFFICE, '2026-03-25T08:00:00Z', HOUR, '2026-03-25T09:00:00.000Z'],
  ['to the very end of a shift', OFFICE, '2026-03-25T08:00:00Z', 8 * HOUR, '2026-03-25T16:00:00.000Z'],
  ['a second past it, the next day', OFFICE, '2026-03-25T08:00:00Z', 8 * HOUR + 1, '2026-03-26T08:00:01.000Z'],
  ['before the office opens', OFFICE, '2026-03-25T03:00:00Z', HOUR, '2026-03-25T09:00:00.000Z'],
  // Friday 16:30 to 17:00 in winter time, then Monday 9:00 to 9:30 in summer time.
  ['over the weekend of spring', OFFICE, '2026-03-27T15:30:00Z', HOUR, '2026-03-30T07:30:00.000Z'],
  // The other way round.
  ['over the weekend of autumn', OFFICE, '2026-10-23T14:30:00Z', HOUR, '2026-10-26T08:30:00.000Z'],
  ['begun on a Sunday', OFFICE, '2026-03-29T12:00:00Z', 8 * HOUR, '2026-03-30T15:00:00.000Z'],
  [
    'a week of work, which ends with its last shift',
    OFFICE,
    '2026-03-23T08:00:00Z',
    40 * HOUR,
    '2026-03-27T16:00:00.000Z',
  ],
  ['four weeks of work', OFFICE, '2026-03-23T08:00:00Z', 160 * HOUR, '2026-04-17T15:00:00.000Z'],
  // Days of 23 and of 25 hours.
  ['a day of 24 hours over spring', ALL_DAY, '2026-03-28T23:00:00Z', 24 * HOUR, '2026-03-29T23:00:00.000Z'],
  ['a day of 24 hours over autumn', ALL_DAY, '2026-10-24T22:00:00Z', 24 * HOUR, '2026-10-25T22:00:00.000Z'],
  // 1:00 to 4:00 is two hours in the night that skips one, and four in the night that repeats one.
  ['the night that skips an hour', SUNDAY_NIGHT, '2026-03-29T00:00:00Z', 2 * HOUR, '2026-03-29T02:00:00.000Z'],
  ['more than that night has', SUNDAY_NIGHT, '2026-03-29T00:00:00Z', 2 * HOUR + 1, '2026-04-04T23:00:01.000Z'],
  ['the night that repeats an hour', SUNDAY_NIGHT, '2026-10-24T23:00:00Z', 4 * HOUR, '2026-10-25T03:00:00.000Z'],
  ['nothing left', OFFICE, '2026-03-29T12:00:00Z', 0, '2026-03-29T12:00:00.000Z'],
];

describe('instantAfter', () => {
  it.each(CASES)('%s', (_what, hours, from, seconds, due) => {
    expect(new Date(instantAfter(hours, Date.parse(from), seconds)!).toISOString()).toBe(due);
  });

  it('is null after more than two years', () => {
    const minute = inBerlin('monday', '09:00:00', '09:01:00');
    expect(instantAfter(minute, Date.parse('2026-03-25T08:00:00Z'), 90 * 24 * HOUR)).toBeNull();
  });
});

describe('secondsWithin', () => {
  it.each(CASES)('counts up to there: %s', (_what, hours, from, seconds, due) => {
    expect(secondsWithin(hours, Date.parse(from), Date.parse(due))).toBe(seconds);
  });

  it.each<[string, Hours, string, string, number]>([
    ['a weekend', OFFICE, '2026-03-27T16:00:00Z', '2026-03-30T07:00:00Z', 0],
    ['a week with a change of clocks in it', OFFICE, '2026-03-25T08:00:00Z', '2026-04-01T07:00:00Z', 40 * HOUR],
    ['nothing', ALWAYS, '2026-03-27T16:00:00Z', '2026-03-27T16:00:00Z', 0],
    ['time backwards', ALWAYS, '2026-03-27T16:00:00Z', '2026-03-27T15:00:00Z', 0],
  ])('of %s', (_what, hours, from, to, seconds) => {
    expect(secondsWithin(hours, Date.parse(from), Date.parse(to))).toBe(seconds);
  });
});
