import { describe, expect, it } from 'vitest';
import { endMsOf, hasEnded, isInstant } from './instant.js';

describe('isInstant', () => {
  it.each([
    ['the first millisecond of year 1', '0001-01-01T00:00:00.000Z'],
    ['the last millisecond of year 9999', '9999-12-31T23:59:59.999Z'],
    ['a year that the offset brings back', '9999-12-31T23:59:59+05:00'],
    ['a year that the offset brings forward', '0001-01-01T00:00:00-05:00'],
    ['zeros below the millisecond', '9999-12-31T23:59:59.999000Z'],
  ])('takes %s', (_what, text) => {
    expect(isInstant(text)).toBe(true);
  });

  it.each([
    ['year 0', '0000-12-31T23:59:59Z'],
    ['year 0 in UTC', '0001-01-01T00:00:00+00:01'],
    ['year 10000 in UTC', '9999-12-31T23:59:59-05:00'],
    ['what Postgres rounds to year 10000', '9999-12-31T23:59:59.9999Z'],
    ['an offset that Postgres refuses', '2026-03-15T10:30:00+16:00'],
    ['infinity', 'infinity'],
  ])('refuses %s', (_what, text) => {
    expect(isInstant(text)).toBe(false);
  });
});

describe('an end', () => {
  const NOW_MS = Date.parse('2026-03-15T10:30:00.000Z');

  it('is in the future, now or past, whatever form it is read in', () => {
    expect(hasEnded(endMsOf('2026-03-15T10:30:00.001+00:00'), NOW_MS)).toBe(false);
    expect(hasEnded(endMsOf(new Date(NOW_MS + 1)), NOW_MS)).toBe(false);
    expect(hasEnded(endMsOf('2026-03-15T10:30:00+00:00'), NOW_MS)).toBe(true);
    expect(hasEnded(endMsOf('0001-01-01T00:00:00+00:00'), NOW_MS)).toBe(true);
  });

  it('that is null is never reached', () => {
    expect(hasEnded(endMsOf(null), NOW_MS)).toBe(false);
  });

  it.each([
    ['infinity as Postgres writes it', 'infinity'],
    ['infinity as pg reads it', Infinity],
    ['year 10000 as Postgres writes it', '10000-01-01T04:59:59+00:00'],
    ['year 10000 as a Date', new Date('+010000-01-01T00:00:00Z')],
    ['an invalid Date', new Date(NaN)],
    ['not a time', 'tomorrow'],
  ])('has passed when it is %s', (_what, end) => {
    expect(hasEnded(endMsOf(end), NOW_MS)).toBe(true);
  });

  it('has passed when it is not a number', () => {
    expect(hasEnded(NaN, NOW_MS)).toBe(true);
  });
});
