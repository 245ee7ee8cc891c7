import { describe, expect, it } from 'vitest';
import { toWireValue } from './wire-value.js';

describe('toWireValue', () => {
  it.each([
    [null, null],
    [undefined, null],
    ['text', 'text'],
    ['', ''],
    [true, 'true'],
    [-1.5, '-1.5'],
    [new Date('2026-03-15T10:30:00.123Z'), '2026-03-15T10:30:00.123Z'],
    [['a', 'b'], '{"a","b"}'],
    [[], '{}'],
    [
      ['with "quotes"', 'back\\slash', 'a,b', '{}', 'NULL', null],
      '{"with \\"quotes\\"","back\\\\slash","a,b","{}","NULL",NULL}',
    ],
    [[[1, 2], [3]], '{{"1","2"},{"3"}}'],
  ])('%j', (value, expected) => {
    expect(toWireValue(value)).toBe(expected);
  });

  it('bytes stay as they are', () => {
    const bytes = Buffer.from([0, 255]);
    expect(toWireValue(bytes)).toBe(bytes);
  });
});
