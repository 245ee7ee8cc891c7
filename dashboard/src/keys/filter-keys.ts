import type { Finding, KeySummary } from '../api/wire';
import type { KeyKind } from '../key-form/key-draft';
import { FINDINGS } from './findings';
import { chosenFindings, chosenKinds, KINDS, type KeysSearch } from './keys-search';

export interface FilteredKeys {
  readonly keys: readonly KeySummary[];
  /** The keys of each kind that match the other filters. */
  readonly kinds: Readonly<Record<KeyKind, number>>;
  readonly findings: Readonly<Record<Finding, number>>;
  /** Each tag of the keys that match the other filters, the most frequent first. */
  readonly tags: readonly (readonly [tag: string, keys: number])[];
}

/** Applies the filters. Each count is what the list would have with only that value of its group. */
export function filterKeys(all: readonly KeySummary[], search: KeysSearch): FilteredKeys {
  const wantedKinds = chosenKinds(search);
  const wantedFindings = chosenFindings(search);
  const text = search.q?.trim().toLowerCase() ?? '';
  const kinds = zeros(KINDS);
  const findings = zeros(FINDINGS);
  const tags = new Map<string, number>(search.tag?.map((tag) => [tag, 0]));
  const keys = all.filter((key) => {
    if (text !== '' && !hasText(key, text)) return false;
    const kind = kindOf(key);
    const isOfKind = wantedKinds.length === 0 || wantedKinds.includes(kind);
    const isFound = wantedFindings.length === 0 || wantedFindings.some((code) => key.findings.includes(code));
    const isTagged = !search.tag || search.tag.some((tag) => key.tags.includes(tag));
    if (isFound && isTagged) kinds[kind]++;
    if (isOfKind && isTagged) for (const code of key.findings) if (code in findings) findings[code]++;
    if (isOfKind && isFound) for (const tag of key.tags) tags.set(tag, (tags.get(tag) ?? 0) + 1);
    return isOfKind && isFound && isTagged;
  });
  return { keys, kinds, findings, tags: [...tags].toSorted(([, one], [, other]) => other - one) };
}

/** Event keys are bearer keys with a type. */
export function kindOf({ kind, type }: Pick<KeySummary, 'kind' | 'type'>): KeyKind {
  return type === 'standard' ? kind : 'event';
}

function hasText({ name, description, masked_key, external_id, tags }: KeySummary, text: string): boolean {
  const fields = [name, description, masked_key, external_id, ...tags];
  return fields.some((field) => field?.toLowerCase().includes(text));
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}

const START = /^(?:[a-z][a-z0-9]{1,11}_(?:live|test|key|sec)_|eyJ[A-Za-z0-9_-]{5})/;
const REST = /^[\w.-]{20,}$/;

/** Masks a whole key that was pasted into the search, because the search is in the URL. Other text is returned as it is. */
export function withoutCredential(text: string): string {
  const word = text.trim();
  const [start] = START.exec(word) ?? [];
  if (start === undefined || !REST.test(word.slice(start.length))) return text;
  return `${start}…${word.slice(-4)}`;
}
