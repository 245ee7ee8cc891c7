import type { ClockState } from '../chat-sessions/clock-states.js';
import { type Hours, instantAfter, secondsWithin } from './business-time.js';

/** The time left of a target. Only time within the office hours counts. */
export interface Clock {
  readonly state: ClockState;
  readonly target_seconds: number;
  readonly schedule: Hours;
  /** As of `counting_since`. */
  readonly used_seconds: number;
  /** Null while the clock is paused. */
  readonly counting_since: Date | null;
  /** Null: more than two years ahead. Of a breached clock, when the target was missed. */
  readonly due_at: Date | null;
  readonly completed_at: Date | null;
  readonly breached_at: Date | null;
}

export function startedClock(targetSeconds: number, schedule: Hours, now: Date): Clock {
  return {
    state: 'active',
    target_seconds: targetSeconds,
    schedule,
    used_seconds: 0,
    counting_since: now,
    due_at: dueAt(schedule, now, targetSeconds),
    completed_at: null,
    breached_at: null,
  };
}

/** Gives a running clock another target and other hours. The time that it has used stays used. */
export function retargetedClock(clock: Clock, targetSeconds: number, schedule: Hours): Clock {
  const { counting_since: since, used_seconds: used } = clock;
  if (since === null) return clock;
  return { ...clock, target_seconds: targetSeconds, schedule, due_at: dueAt(schedule, since, targetSeconds - used) };
}

/** Completes a clock. Does nothing to one that is paused. */
export function completedClock(clock: Clock, now: Date): Clock {
  const { counting_since: since, state, due_at: due } = clock;
  if (since === null) return clock;
  const isLate = state === 'breached' || (due !== null && now > due);
  return {
    ...clock,
    state: isLate ? 'completed_after_breach' : 'fulfilled',
    used_seconds: clock.used_seconds + secondsWithin(clock.schedule, since.getTime(), now.getTime()),
    counting_since: null,
    completed_at: now,
    breached_at: clock.breached_at ?? (isLate ? due : null),
  };
}

/** Resumes a completed clock with the time that is left. A breached clock stays breached. */
export function resumedClock(clock: Clock, now: Date): Clock {
  if (clock.counting_since !== null) return clock;
  const wasLate = clock.breached_at !== null;
  return {
    ...clock,
    state: wasLate ? 'breached' : 'active',
    counting_since: now,
    due_at: wasLate ? clock.due_at : dueAt(clock.schedule, now, clock.target_seconds - clock.used_seconds),
    completed_at: null,
  };
}

function dueAt(schedule: Hours, from: Date, seconds: number): Date | null {
  const dueMs = instantAfter(schedule, from.getTime(), seconds);
  return dueMs === null ? null : new Date(dueMs);
}
