import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { TEXT } from '../wire/schema.js';
import { check, Text } from './decorators.js';
import { isOneLine } from './one-line.js';

/** Unicode counts Hangul fillers as letters and the empty Braille pattern as a symbol, but they are invisible. */
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;
const SENTENCE = 'must be one line of text with at least one visible character';
/** NFC shortens a text by less than this factor. */
const NFC_FACTOR_MAX = 4;

/** A name or title; the DTO holds its canonical form: trimmed, NFC, one line, at least one visible character. */
export function Name(max: number, min = 1): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => canonicalIfText(value, max)),
    Text(min, max),
    check('name', (value) => typeof value === 'string' && isName(value), SENTENCE, { schema: TEXT }),
  );
}

/** A nullable name. A name without a visible character becomes null. */
export function OptionalName(max: number): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => {
      const name = canonicalIfText(value, max);
      return typeof name === 'string' && name.length <= max && !VISIBLE.test(name) ? null : name;
    }),
    Text(0, max),
    check('name', (value) => typeof value === 'string' && isName(value), SENTENCE, { schema: TEXT }),
  );
}

/** A string that is used in paths. Clients resolve `.` and `..` before they send a request. */
export function IsPathSegment(): PropertyDecorator {
  const isSegment = (value: unknown) => value !== '.' && value !== '..';
  return check('pathSegment', isSegment, 'must not be "." or "..", which cannot be in a path', { schema: TEXT });
}

/** @param max characters; a much longer text is returned unchanged, because normalizing can take quadratic time */
export function canonicalName(text: string, max: number): string {
  const trimmed = text.trim();
  return trimmed.length > NFC_FACTOR_MAX * max ? text : trimmed.normalize('NFC');
}

function canonicalIfText(value: unknown, max: number): unknown {
  return typeof value === 'string' ? canonicalName(value, max) : value;
}

/** Whether a canonical text is one line with a visible character. */
export function isName(text: string): boolean {
  return VISIBLE.test(text) && isOneLine(text);
}
