import { isUtf8 } from 'node:buffer';
import sjson from 'secure-json-parse';
import { AppError, invalidRequest } from '../errors/app-error.js';

export const JSON_DEPTH_MAX = 32;
/** In one object. class-transformer takes a time that grows with their square: half a minute for a megabyte of them. */
export const JSON_FIELDS_MAX = 1_000;
/** Fields and list entries in all. */
export const JSON_VALUES_MAX = 100_000;

/**
 * A body that can't be used. Fastify reads bodies before any guard runs, and who has no credential learns nothing of
 * the body: so reading never fails, and the pipe throws this later.
 */
export class UnusableBody {
  constructor(readonly error: AppError) {}
}

/** Bytes of a JSON body → its value, `{}` when empty, or why it can't be used. */
export function readJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  if (!isUtf8(bytes)) return new UnusableBody(new AppError('malformed_json'));
  if (isTooDeep(bytes)) return new UnusableBody(new AppError('json_too_deep'));
  let value: unknown;
  try {
    value = sjson.parse(bytes.toString('utf8'), { protoAction: 'ignore', constructorAction: 'ignore' });
  } catch (error) {
    return new UnusableBody(new AppError('malformed_json', {}, { cause: error }));
  }
  const problem = findUnusable(value);
  return problem ? new UnusableBody(problem) : value;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Too deep for the recursive libraries after us. Asked before parsing: a megabyte of brackets keeps the parser, and
 * with it every other request, busy for half a second.
 */
function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (isInString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++depth > JSON_DEPTH_MAX) return true;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
  }
  return false;
}

/**
 * The first thing in a JSON value that no field of ours can take: more than anybody means to send, a name that every object inherits (validators take
 * it for known), a NUL that Postgres can't store, or half a surrogate pair that UTF-8 can't carry.
 */
export function findUnusable(root: unknown): AppError | undefined {
  const open: { value: unknown; field: string }[] = [{ value: root, field: '' }];
  let values = 0;
  for (let item = open.pop(); item; item = open.pop()) {
    const { value, field } = item;
    if (typeof value === 'string') {
      if (!isStorable(value)) return unstorable(field);
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value);
      values += entries.length;
      if (values > JSON_VALUES_MAX || (!Array.isArray(value) && entries.length > JSON_FIELDS_MAX)) {
        return new AppError('json_too_wide');
      }
      for (const [key, child] of entries) {
        const path = field === '' ? key : `${field}.${key}`;
        if (!isStorable(key)) return unstorable(field || 'The body');
        if (!Array.isArray(value) && key in Object.prototype) {
          return invalidRequest([{ field: path, message: `${path} is not a known field` }]);
        }
        open.push({ value: child, field: path });
      }
    }
  }
  return undefined;
}

/** Whether a text can be stored and sent back as it is. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

export function unstorable(field: string): AppError {
  return invalidRequest([{ field, message: `${field} contains a character that cannot be stored` }]);
}
