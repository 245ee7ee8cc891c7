import { describe, expect, it } from 'vitest';
import { entityTag, IfMatch } from './if-match.js';

/** Whether the header lets a change of revision 3 pass; 'malformed' if it can't be read. */
const verdict = (header: string) => {
  const condition = IfMatch.parse(header);
  if (condition === undefined) return 'malformed';
  try {
    condition.assertMatches(3);
    return 'passes';
  } catch {
    return 'refused';
  }
};

it('an entity tag is the revision in quotes', () => {
  expect(entityTag(3)).toBe('"3"');
});

describe('IfMatch', () => {
  it.each([
    ['"3"', 'passes'],
    ['*', 'passes'],
    [' * ', 'passes'],
    ['"2", "3"', 'passes'],
    ['"2","3"', 'passes'],
    ['"a,b" , "3"', 'passes'],
    [', ,"2",, "3" ,', 'passes'],
    ['W/"2", "3"', 'passes'],
    ['""', 'refused'],
    ['"2"', 'refused'],
    ['"03"', 'refused'],
    ['"3 "', 'malformed'],
    ['W/"3"', 'refused'],
    ['"2", W/"3"', 'refused'],
    ['3', 'malformed'],
    ['"3', 'malformed'],
    ["'3'", 'malformed'],
    ['w/"3"', 'malformed'],
    ['"2" "3"', 'malformed'],
    ['"2""3"', 'malformed'],
    ['"3"; q=1', 'malformed'],
    ['*, "3"', 'malformed'],
    ['', 'malformed'],
    [',', 'malformed'],
    ['"\u0000"', 'malformed'],
  ])('%s: %s', (header, expected) => {
    expect(verdict(header)).toBe(expected);
  });

  it('reads the longest header in linear time', () => {
    const long = `"${'x'.repeat(16_000)}`;
    expect(verdict(long)).toBe('malformed');
    expect(verdict(`${'"2" ,'.repeat(4_000)}"3"`)).toBe('passes');
    expect(verdict(`"2"${' '.repeat(16_000)}"3"`)).toBe('malformed');
    expect(verdict(' '.repeat(16_000))).toBe('malformed');
  });
});
