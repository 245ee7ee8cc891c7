import { isDeepStrictEqual } from 'node:util';
import type { Change } from './audit-entry.entity.js';

/** The fields of `wanted` that differ from what stands, before and after; undefined ones aren't wanted. */
export function changesOf<T extends object>(row: T, wanted: Partial<T>): Record<string, Change> {
  return Object.fromEntries(
    Object.entries(wanted)
      .filter(([, after]) => after !== undefined)
      .filter(([field, after]) => !isDeepStrictEqual(asJson(row[field as keyof T]), asJson(after)))
      .map(([field, after]) => [field, { before: row[field as keyof T], after }]),
  );
}

/** The fields that a new row was given, as changes from nothing. Empty ones are left out; undefined: all were empty. */
export function givenFields(values: Readonly<Record<string, unknown>>): Record<string, Change> | undefined {
  const given = Object.entries(values).filter(([, after]) => !isEmpty(after));
  if (given.length === 0) return undefined;
  return Object.fromEntries(given.map(([field, after]) => [field, { before: null, after }]));
}

/** Says no more than that the field is there. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** As it travels: a date is its text. In which order an object has its names says nothing, for Postgres has its own. */
function asJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
