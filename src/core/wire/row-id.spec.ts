import { describe, expect, it } from 'vitest';
import { isUuid } from './row-id.js';

describe('isUuid', () => {
  it.each([
    '019ab3c4-5d6e-7f80-91a2-b3c4d5e6f708',
    '019AB3C4-5D6E-7F80-91A2-B3C4D5E6F708',
    'f47ac10b-58cc-4372-a567-0e02b2c3d479',
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ])('accepts %s', (text) => {
    expect(isUuid(text)).toBe(true);
  });

  it('refuses everything else, also what Postgres would read as one', () => {
    const id = '019ab3c4-5d6e-7f80-91a2-b3c4d5e6f708';
    const others = [
      '',
      'x',
      id.replaceAll('-', ''),
      `{${id}}`,
      `${id}\n`,
      ` ${id}`,
      id.slice(1),
      `${id}0`,
      id.replace('0', 'g'),
    ];
    expect(
      [...others, id.replaceAll('-', '_'), id.replace('019ab3c4-', '019ab3c45'), '٠'.repeat(36)].filter(isUuid),
    ).toEqual([]);
  });
});
