import type { Finding } from '../api/wire';
import type { KeyKind } from '../key-form/key-draft';
import { FINDINGS } from './findings';
import { isSort, type KeySort } from './sort-keys';

export const KINDS = ['bearer', 'key_secret', 'event'] as const satisfies readonly KeyKind[];

/** The filters and the order of the list in the URL, so that they can be linked. */
export interface KeysSearch {
  readonly tab?: 'inactive';
  readonly q?: string;
  /** Several separated by commas, as is `finding`: keys with any of them are listed. */
  readonly kind?: string;
  readonly finding?: string;
  /** A column, with a minus for the descending order. */
  readonly sort?: KeySort;
}

export function validateKeysSearch({ tab, q, kind, finding, sort }: Record<string, unknown>): KeysSearch {
  const kinds = chosen(kind, KINDS).join(',');
  const findings = chosen(finding, FINDINGS).join(',');
  return {
    ...(tab === 'inactive' && { tab }),
    ...(typeof q === 'string' && q !== '' && { q: q.slice(0, 100) }),
    ...(kinds && { kind: kinds }),
    ...(findings && { finding: findings }),
    ...(isSort(sort) && { sort }),
  };
}

/** The known values of a list in the URL. */
export function chosen<Value extends string>(list: unknown, known: readonly Value[]): Value[] {
  const words = typeof list === 'string' ? list.split(',') : [];
  return known.filter((value) => words.includes(value));
}

export function chosenKinds({ kind }: KeysSearch): KeyKind[] {
  return chosen(kind, KINDS);
}

export function chosenFindings({ finding }: KeysSearch): Finding[] {
  return chosen(finding, FINDINGS);
}

/** The list with the value added, or removed if it has it; undefined for none. */
export function toggled(list: string | undefined, value: string): string | undefined {
  const words = list?.split(',') ?? [];
  const kept = words.includes(value) ? words.filter((word) => word !== value) : [...words, value];
  return kept.length > 0 ? kept.join(',') : undefined;
}
