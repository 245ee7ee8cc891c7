import { describe, expect, it } from 'vitest';
import { type Clock, completedClock, resumedClock, retargetedClock, startedClock } from './clock.js';

const OFFICE = {
  iana_timezone: 'Europe/Berlin',
  shifts: [{ day_of_week: 'monday_to_friday', start_time: '09:00:00', end_time: '17:00:00' }],
} as const;
const MINUTE = 60;
const at = (time: string) => new Date(`2026-${time}:00.000Z`);

/** Events by time, and the state after each. Berlin is at UTC+1 on 27 March 2026, at UTC+2 on 30 March. */
type Step = ['complete' | 'resume', string, Partial<Clock>];

function expectSteps(start: Clock, steps: readonly Step[]): void {
  let clock = start;
  for (const [what, time, expected] of steps) {
    clock = what === 'complete' ? completedClock(clock, at(time)) : resumedClock(clock, at(time));
    expect(clock, `${what} at ${time}`).toMatchObject(expected);
  }
}

describe('a clock', () => {
  it('is met up to its due time and breached after it', () => {
    const clock = startedClock(60 * MINUTE, OFFICE, at('03-27T15:30'));
    expect(clock).toMatchObject({ state: 'active', due_at: at('03-30T07:30') });
    expectSteps(clock, [
      ['complete', '03-30T07:30', { state: 'fulfilled', used_seconds: 3_600, breached_at: null, counting_since: null }],
    ]);
    expectSteps(clock, [
      [
        'complete',
        '03-30T07:31',
        { state: 'completed_after_breach', used_seconds: 3_660, breached_at: at('03-30T07:30') },
      ],
    ]);
  });

  it('pauses while it is completed, also over a weekend and a DST change', () => {
    // Friday 16:00; two hours of office time.
    expectSteps(startedClock(120 * MINUTE, OFFICE, at('03-27T15:00')), [
      // 16:45: 45 minutes of two hours.
      ['complete', '03-27T15:45', { state: 'fulfilled', used_seconds: 45 * MINUTE, completed_at: at('03-27T15:45') }],
      // Monday 10:00: 75 minutes are left.
      ['resume', '03-30T08:00', { state: 'active', due_at: at('03-30T09:15'), completed_at: null }],
      // 10:30.
      ['complete', '03-30T08:30', { state: 'fulfilled', used_seconds: 75 * MINUTE }],
      // 16:45, and 45 minutes are left: 15 today, 30 tomorrow.
      ['resume', '03-30T14:45', { state: 'active', due_at: at('03-31T07:30') }],
      ['complete', '03-31T07:31', { state: 'completed_after_breach', breached_at: at('03-31T07:30') }],
    ]);
  });

  it('stays breached', () => {
    expectSteps(startedClock(10 * MINUTE, null, at('03-27T12:00')), [
      [
        'complete',
        '03-27T12:20',
        { state: 'completed_after_breach', breached_at: at('03-27T12:10'), used_seconds: 1_200 },
      ],
      ['resume', '03-27T13:00', { state: 'breached', due_at: at('03-27T12:10') }],
      [
        'complete',
        '03-27T13:10',
        { state: 'completed_after_breach', breached_at: at('03-27T12:10'), used_seconds: 1_800 },
      ],
    ]);
  });

  it('keeps the time that it has used when its target and hours change', () => {
    const clock = startedClock(60 * MINUTE, OFFICE, at('03-27T15:30'));
    const used = resumedClock(completedClock(clock, at('03-27T15:45')), at('03-27T15:50'));
    expect(retargetedClock(used, 120 * MINUTE, null)).toMatchObject({
      state: 'active',
      target_seconds: 120 * MINUTE,
      schedule: null,
      used_seconds: 15 * MINUTE,
      due_at: at('03-27T17:35'),
    });
    const completed = completedClock(clock, at('03-27T15:45'));
    expect(retargetedClock(completed, 120 * MINUTE, null)).toBe(completed);
  });

  it('is not completed twice, and not resumed while it runs', () => {
    const clock = startedClock(10 * MINUTE, null, at('03-27T12:00'));
    expect(resumedClock(clock, at('03-27T12:05'))).toBe(clock);
    const completed = completedClock(clock, at('03-27T12:05'));
    expect(completedClock(completed, at('03-27T12:30'))).toBe(completed);
  });
});
