import { describe, expect, it } from 'vitest';
import { retirementOf } from './retirement.js';

const ROTATED = Date.parse('2026-03-15T10:30:00.700Z');
const END = Date.parse('2026-03-16T10:30:00.999Z');
const DAY = 86_400_000;

describe('the headers of a credential', () => {
  it('that was replaced are dates of RFC 9745 and RFC 8594', () => {
    expect(retirementOf(ROTATED, END)?.headersAt(ROTATED)).toEqual({
      deprecation: '@1773570600',
      sunset: 'Mon, 16 Mar 2026 10:30:00 GMT',
    });
  });

  it('that was replaced have no Sunset without a known end', () => {
    expect(retirementOf(0, Infinity)?.headersAt(END)).toEqual({ deprecation: '@0' });
    expect(retirementOf(0, -Infinity)?.headersAt(END)).toEqual({ deprecation: '@0' });
  });

  it('have a Sunset from 30 days before the end, to the millisecond', () => {
    const retirement = retirementOf(null, END);
    expect(retirement?.headersAt(END - 30 * DAY - 1)).toBeUndefined();
    expect(retirement?.headersAt(END - 30 * DAY)).toEqual({ sunset: 'Mon, 16 Mar 2026 10:30:00 GMT' });
    expect(retirementOf(0, END)?.headersAt(END - 30 * DAY - 1)).toEqual({ deprecation: '@0' });
  });

  it('are none for the newest credential of a key without an end', () => {
    expect(retirementOf(null, Infinity)).toBeUndefined();
    expect(retirementOf(null, -Infinity)).toBeUndefined();
  });
});
