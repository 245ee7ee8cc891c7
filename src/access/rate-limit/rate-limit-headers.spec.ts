import { describe, expect, it } from 'vitest';
import { RATE_WINDOW_NAMES, rateLimitPolicyValue, rateLimitValue } from './rate-limit-headers.js';

describe('rateLimitPolicyValue', () => {
  it('lists each window with its quota and seconds, in the format of the draft', () => {
    expect(
      rateLimitPolicyValue([
        { name: 'key-min', limit: 60, windowSeconds: 60 },
        { name: 'key-hour', limit: 1_000, windowSeconds: 3_600 },
      ]),
    ).toBe('"key-min";q=60;w=60, "key-hour";q=1000;w=3600');
  });

  it('writes one window without a comma', () => {
    expect(rateLimitPolicyValue([{ name: 'partner-min', limit: 100, windowSeconds: 60 }])).toBe(
      '"partner-min";q=100;w=60',
    );
  });
});

describe('rateLimitValue', () => {
  it('lists what is left of each window and for how many seconds', () => {
    expect(
      rateLimitValue([
        { name: 'key-min', remaining: 59, resetSeconds: 60 },
        { name: 'key-hour', remaining: 0, resetSeconds: 3_600 },
      ]),
    ).toBe('"key-min";r=59;t=60, "key-hour";r=0;t=3600');
  });

  it.each([
    [0.001, '"key-min";r=1;t=1'],
    [59.2, '"key-min";r=1;t=60'],
    [0, '"key-min";r=1;t=0'],
    [-3, '"key-min";r=1;t=0'],
  ])('rounds %s seconds up and never below zero, so that no client retries too early', (resetSeconds, value) => {
    expect(rateLimitValue([{ name: 'key-min', remaining: 1, resetSeconds }])).toBe(value);
  });

  it('never shows a negative rest', () => {
    expect(rateLimitValue([{ name: 'key-min', remaining: -2, resetSeconds: 1 }])).toBe('"key-min";r=0;t=1');
  });

  it('is a structured-field list of strings with integer parameters (RFC 9651), whatever the window', () => {
    const values = RATE_WINDOW_NAMES.flatMap((name) => [
      rateLimitValue([{ name, remaining: 1e9, resetSeconds: 1e6 + 0.5 }]),
      rateLimitPolicyValue([{ name, limit: 1e9, windowSeconds: 60 }]),
    ]);
    expect(values.filter((value) => !/^"[a-z-]+"(;[a-z]=\d{1,15}){2}$/.test(value))).toEqual([]);
  });
});
