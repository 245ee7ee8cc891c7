import { describe, expect, it } from 'vitest';
import { positionOfCursor } from './cursor.js';

const ID = '01a20285-5a2d-72ba-967c-eee2f183c525';
const CURSOR = Buffer.from(ID.replaceAll('-', ''), 'hex').toString('base64url');

describe('positionOfCursor', () => {
  it('decodes the id', () => {
    expect(CURSOR).toHaveLength(22);
    expect(positionOfCursor(CURSOR)).toEqual({ id: ID });
  });

  it.each(['0', '-5', '2147483647'])('decodes the number %s after the id', (number) => {
    const cursor = Buffer.concat([Buffer.from(CURSOR, 'base64url'), Buffer.from(number)]).toString('base64url');
    expect(positionOfCursor(cursor)).toEqual({ id: ID, number });
  });

  it.each(['x', '1.5', '--1', '2147483648', '1 '])('rejects %j as a number', (number) => {
    const cursor = Buffer.concat([Buffer.from(CURSOR, 'base64url'), Buffer.from(number)]).toString('base64url');
    expect(positionOfCursor(cursor)).toBeUndefined();
  });

  it('rejects cursors that no list creates', () => {
    // The last character has four unused bits, so other characters would decode to the same id.
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
    expect(others.filter((other) => positionOfCursor(other) !== undefined)).toEqual([]);
  });
});
