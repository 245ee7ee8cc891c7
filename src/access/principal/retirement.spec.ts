import { expect, it } from 'vitest';
import { retirementHeaders } from './retirement.js';

it('sends the start and the end in whole seconds, rounded down', () => {
  const rotatedAt = Date.parse('2026-03-15T10:30:00.999Z');
  const endsAt = Date.parse('2026-03-16T10:30:00.999Z');
  expect(retirementHeaders(rotatedAt, endsAt)).toEqual({
    deprecation: '@1773570600',
    sunset: 'Mon, 16 Mar 2026 10:30:00 GMT',
  });
});

it('omits Sunset without a known end', () => {
  expect(retirementHeaders(0, Infinity)).toEqual({ deprecation: '@0' });
});
