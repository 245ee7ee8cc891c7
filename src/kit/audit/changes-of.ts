import { isDeepStrictEqual } from 'node:util';
import type { Change } from './audit-entry.entity.js';

/** Returns the fields of `wanted` that differ from `row`, with both values. Undefined fields are ignored. */
export function changesOf<T extends object>(row: T, wanted: Partial<T>): Record<string, Change> {
  return Object.fromEntries(
    Object.entries(wanted)
      .filter(([, after]) => after !== undefined)
      .filter(([field, after]) => !isDeepStrictEqual(asJson(row[field as keyof T]), asJson(after)))
      .map(([field, after]) => [field, { before: row[field as keyof T], after }]),
  );
}

/** Returns the non-empty fields of a new row as changes from null; undefined if there are none. */
export function givenFields(values: Readonly<Record<string, unknown>>): Record<string, Change> | undefined {
  const given = Object.entries(values).filter(([, after]) => !isEmpty(after));
  if (given.length === 0) return undefined;
  return Object.fromEntries(given.map(([field, after]) => [field, { before: null, after }]));
}

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Converts to JSON types, such as dates to strings. Comparisons ignore key order, because jsonb doesn't keep it. */
function asJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
