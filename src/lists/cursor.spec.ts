import { describe, expect, it } from 'vitest';
import { idOfCursor } from './cursor.js';

const ID = '01a20285-5a2d-72ba-967c-eee2f183c525';
const CURSOR = Buffer.from(ID.replaceAll('-', ''), 'hex').toString('base64url');

describe('idOfCursor', () => {
  it('gives back the id whose bytes the cursor is', () => {
    expect(CURSOR).toHaveLength(22);
    expect(idOfCursor(CURSOR)).toBe(ID);
  });

  it('knows no cursor but those that lists make', () => {
    // The last character carries four bits that no byte has; other spellings of it would be the same cursor.
    const last = CURSOR.at(-1)!;
    const respelled = CURSOR.slice(0, -1) + String.fromCharCode(last.charCodeAt(0) + 1);
    const others = [
      '',
      'abc',
      ID,
      `${CURSOR}A`,
      CURSOR.slice(1),
      `${CURSOR}==`,
      ` ${CURSOR}`,
      respelled,
      '+'.repeat(22),
    ];
    expect(others.filter((other) => idOfCursor(other) !== undefined)).toEqual([]);
  });
});
