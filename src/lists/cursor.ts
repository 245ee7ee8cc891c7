import { check } from '../validation/decorators.js';

const BYTES_OF_UUID = 16;

/** SQL that makes a cursor of a row's id: its 16 bytes as base64url, 22 characters. */
export function cursorSql(id: string): string {
  return `translate(encode(uuid_send(${id}), 'base64'), '+/=', '-_')`;
}

/** The id that a cursor stands for; undefined when no list of ours made it. */
export function idOfCursor(cursor: string): string | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length !== BYTES_OF_UUID || bytes.toString('base64url') !== cursor) return undefined;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

export function IsCursor(): PropertyDecorator {
  return check('cursor', (value) => typeof value === 'string' && idOfCursor(value) !== undefined, 'is not valid', {
    schema: { type: 'string', description: 'Of the page before: its `next`.' },
  });
}
