import { check } from '../../core/validation/decorators.js';
import type { Order } from './order.js';

const BYTES_OF_UUID = 16;
const INTEGER = /^-?\d{1,10}$/;
const INTEGER_MAX = 2 ** 31 - 1;

/** The last row of a page: its id and, if the list is ordered by a number, that number. */
export interface Position {
  readonly id: string;
  readonly number?: string;
}

/** Returns SQL for the cursor of a row: the 16 bytes of its id and the digits of its number as base64url. */
export function cursorSql(id: string, number?: string): string {
  const bytes = number === undefined ? `uuid_send(${id})` : `uuid_send(${id}) || convert_to(${number}::text, 'UTF8')`;
  return `translate(encode(${bytes}, 'base64'), '+/=', '-_')`;
}

/** The cursor of a row in a list without a number. */
export function cursorOf(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** Decodes a cursor; undefined if it is invalid. */
export function positionOfCursor(cursor: string): Position | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length < BYTES_OF_UUID || bytes.toString('base64url') !== cursor) return undefined;
  const id = bytes.toString('hex', 0, BYTES_OF_UUID).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  if (bytes.length === BYTES_OF_UUID) return { id };
  const number = bytes.toString('latin1', BYTES_OF_UUID);
  return INTEGER.test(number) && Math.abs(Number(number)) <= INTEGER_MAX ? { id, number } : undefined;
}

/** True if a cursor fits the order of a list. */
export function isOfOrder(cursor: string, order: Order | null): boolean {
  return (positionOfCursor(cursor)?.number === undefined) === (order === null);
}

export function IsCursor(): PropertyDecorator {
  return check(
    'cursor',
    (value) => typeof value === 'string' && positionOfCursor(value) !== undefined,
    'is not valid',
    {
      schema: { type: 'string', description: 'Of the page before: its `next`.' },
    },
  );
}
