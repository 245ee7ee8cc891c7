import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DAY_MS, expirySteps } from './expiry-steps.js';

const DAYS_BEFORE = [30, 14, 7, 1] as const;
const before = (end: Date, days: number, ms = 0) => new Date(end.getTime() - days * DAY_MS + ms);

describe.each([
  ['Europe/Berlin', '2027-03-28T01:30:00.000Z'],
  ['Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['America/New_York', '2027-03-14T12:00:00.000Z'],
  ['Australia/Lord_Howe', '2027-04-03T15:15:00.000Z'],
  ['UTC', '2028-03-01T00:00:00.000Z'],
])('in %s, a key that ends at %s', (zone, end) => {
  beforeAll(() => {
    vi.stubEnv('TZ', zone);
    expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
  });
  afterAll(() => vi.unstubAllEnvs());
  const expiresAt = new Date(end);
  // Some days after a clock change, so that each step is on one side of it.
  const ends = [0, 0.5, 3, 10, 20].map((days) => new Date(expiresAt.getTime() + days * DAY_MS));

  it.each(DAYS_BEFORE)('is announced exactly %i times 24 hours before', (days) => {
    for (const each of ends) {
      const created = before(each, 90);
      const early = expirySteps(each, created, before(each, days, -1));
      expect(early.reached).not.toBe(days);
      expect(early.nextAt).toEqual(before(each, days));
      expect(expirySteps(each, created, before(each, days)).reached).toBe(days);
    }
  });
});

const END = new Date('2027-01-31T12:00:00.000Z');
const look = (doneUntil: Date, now: Date) => expirySteps(END, doneUntil, now);

it('a key is announced at each step once', () => {
  let doneUntil = before(END, 40);
  const reached: number[] = [];
  for (let now = doneUntil; now <= new Date(END.getTime() + DAY_MS); now = new Date(now.getTime() + DAY_MS / 24)) {
    const steps = look(doneUntil, now);
    if (steps.reached !== undefined) reached.push(steps.reached);
    expect(steps.missed).toEqual([]);
    doneUntil = now;
  }
  expect(reached).toEqual([30, 14, 7, 1, 0]);
});

it('a key that was created 5 days before its end is announced at 1 day', () => {
  const created = before(END, 5);
  expect(look(created, created)).toEqual({ reached: undefined, missed: [], nextAt: before(END, 1) });
  expect(look(created, before(END, 1))).toEqual({ reached: 1, missed: [], nextAt: END });
});

it('after an outage the newest step counts and earlier ones are missed', () => {
  expect(look(before(END, 31), before(END, 6))).toEqual({ reached: 7, missed: [30, 14], nextAt: before(END, 1) });
});

it('the end is the last step', () => {
  expect(look(before(END, 2), new Date(END.getTime() + DAY_MS))).toEqual({
    reached: 0,
    missed: [1],
    nextAt: undefined,
  });
  expect(look(END, END)).toEqual({ reached: undefined, missed: [], nextAt: undefined });
});

it('a clock that runs behind announces nothing again', () => {
  expect(look(before(END, 7), before(END, 8))).toMatchObject({ reached: undefined });
});
