import type { Change } from './audit-entry.entity.js';

/** The fields of `wanted` that differ from what stands, before and after; undefined ones aren't wanted. */
export function changesOf<T extends object>(row: T, wanted: Partial<T>): Record<string, Change> {
  return Object.fromEntries(
    Object.entries(wanted)
      .filter(([, after]) => after !== undefined)
      .filter(([field, after]) => JSON.stringify(row[field as keyof T]) !== JSON.stringify(after))
      .map(([field, after]) => [field, { before: row[field as keyof T], after }]),
  );
}
