import type { Finding } from '../api/wire';
import type { KeyKind } from '../key-form/key-draft';
import { FINDINGS } from './findings';
import { isSort, type KeySort } from './sort-keys';

export const KINDS = ['bearer', 'key_secret', 'event'] as const satisfies readonly KeyKind[];

/** Keys that work have no word in the URL. */
export const KEYS_TABS = ['suspended', 'inactive'] as const;
export type KeysTab = (typeof KEYS_TABS)[number];

const TAGS_MAX = 20;

/** The filters and the order of the list in the URL, so that they can be linked. */
export interface KeysSearch {
  readonly tab?: KeysTab;
  readonly q?: string;
  /** Several separated by commas, as is `finding`: keys with any of them are listed. */
  readonly kind?: string;
  readonly finding?: string;
  /** Keys with any of these tags. */
  readonly tag?: readonly string[];
  /** A column, with a minus for the descending order. */
  readonly sort?: KeySort;
}

/** Undefined removes a part. */
export type KeysChange = { readonly [Part in keyof KeysSearch]?: KeysSearch[Part] | undefined };

export function validateKeysSearch({ tab, q, kind, finding, tag, sort }: Record<string, unknown>): KeysSearch {
  const knownTab = KEYS_TABS.find((known) => known === tab);
  const kinds = chosen(kind, KINDS).join(',');
  const findings = chosen(finding, FINDINGS).join(',');
  const tags = texts(tag).slice(0, TAGS_MAX);
  return {
    ...(knownTab && { tab: knownTab }),
    ...(typeof q === 'string' && q !== '' && { q: q.slice(0, 100) }),
    ...(kinds && { kind: kinds }),
    ...(findings && { finding: findings }),
    ...(tags.length > 0 && { tag: tags }),
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

function texts(list: unknown): string[] {
  return (Array.isArray(list) ? list : []).flatMap((each: unknown) => (typeof each === 'string' ? [each] : []));
}

/** The tags with one added, or removed if it is among them; undefined for none. */
export function toggledTag(tags: readonly string[] | undefined, tag: string): readonly string[] | undefined {
  const kept = tags?.includes(tag) ? tags.filter((each) => each !== tag) : [...(tags ?? []), tag];
  return kept.length > 0 ? kept : undefined;
}
