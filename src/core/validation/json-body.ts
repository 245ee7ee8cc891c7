import { isUtf8 } from 'node:buffer';
import sjson from 'secure-json-parse';
import type { AppError } from '../errors/app-error.js';
import { invalidRequest } from '../errors/invalid-request.js';
import { jsonErrors } from './json.errors.js';
import {
  endOfNumber,
  InexactNumber,
  isExactNumber,
  isShortNumber,
  reviveInexact,
  startsNumber,
} from './exact-numbers.js';

export const JSON_DEPTH_MAX = 32;
/** Per object. class-transformer takes quadratic time: half a minute for 1 MiB of fields. */
export const JSON_FIELDS_MAX = 1_000;
/** Fields and list entries in total. */
export const JSON_VALUES_MAX = 50_000;

/**
 * Parses a JSON body; an empty one is `{}`.
 * @param name of the field that contains the JSON; empty for a request body
 * @throws AppError malformed_json, json_too_deep, json_too_wide, invalid_request (400)
 */
export function readJsonBody(bytes: Buffer, name = ''): unknown {
  if (bytes.length === 0) return {};
  if (!isUtf8(bytes)) throw jsonErrors.malformed_json();
  const { isExact } = assertWithinLimits(bytes);
  let value: unknown;
  try {
    const text = bytes.toString('utf8');
    value = sjson.parse(text, isExact ? null : markInexact, { protoAction: 'ignore', constructorAction: 'ignore' });
  } catch (error) {
    throw jsonErrors.malformed_json({ cause: error });
  }
  const problem = findUnusable(value, name);
  if (problem) throw problem;
  return value;
}

const markInexact = reviveInexact((literal) => new InexactNumber(literal));
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Limits the depth, because libraries recurse, and the number of values. Runs before parsing: 1 MiB of brackets or zeros
 * blocks the parser, and all other requests, for half a second.
 * @returns whether JavaScript holds every number exactly; if not, the parser checks each number
 */
function assertWithinLimits(bytes: Buffer): { isExact: boolean } {
  let depth = 0;
  // One per comma, and one per list and object, also for empty ones.
  let values = 0;
  let isInString = false;
  let isExact = true;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (isInString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
    else if (byte === COMMA || byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++values > JSON_VALUES_MAX) throw jsonErrors.json_too_wide();
      if (byte !== COMMA && ++depth > JSON_DEPTH_MAX) throw jsonErrors.json_too_deep();
    } else if (startsNumber(byte)) {
      const end = endOfNumber(bytes, at);
      isExact &&= isShortNumber(bytes, at, end) || isExactNumber(bytes.toString('latin1', at, end));
      at = end - 1;
    }
  }
  return { isExact };
}

/**
 * Finds the first part of a JSON value that no field can hold: too many values, a field name of Object.prototype (validators
 * take it for known), a NUL (Postgres can't store it), a lone surrogate (UTF-8 can't encode it), or an inexact number.
 * @param name of the root; empty for a request body
 */
export function findUnusable(root: unknown, name = ''): AppError | undefined {
  const open: { value: unknown; field: string }[] = [{ value: root, field: name }];
  let values = 0;
  for (let item = open.pop(); item; item = open.pop()) {
    const { value, field } = item;
    if (typeof value === 'string') {
      if (!isStorable(value)) return unstorable(field);
    } else if (value instanceof InexactNumber) {
      return inexact(field || 'The body', value);
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value);
      values += entries.length;
      if (values > JSON_VALUES_MAX || (!Array.isArray(value) && entries.length > JSON_FIELDS_MAX)) {
        return jsonErrors.json_too_wide();
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

function inexact(field: string, { literal }: InexactNumber): AppError {
  const sentence = `must be a number that 64-bit floating point holds exactly (this one would become ${Number(literal)}): send it as a string`;
  return invalidRequest([{ field, message: `${field} ${sentence}` }]);
}

/** True if Postgres can store the text unchanged. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

export function unstorable(field: string): AppError {
  return invalidRequest([{ field, message: `${field} contains a character that cannot be stored` }]);
}
