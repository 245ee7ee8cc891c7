import type { KeyDraft } from './key-draft';

interface Rebased {
  readonly draft: KeyDraft;
  /** The fields that both sides changed, each to something else. What was typed is kept. */
  readonly conflicts: readonly (keyof KeyDraft)[];
}

/** Fields that mean something only together. */
const GROUPS: readonly (readonly (keyof KeyDraft)[])[] = [
  ['access', 'scopes', 'agent_scopes'],
  ['expiry', 'expiry_date'],
];

/**
 * Moves what a user typed to a newer version of the key.
 * @param opened what the form started with
 * @param typed what it has now
 * @param current the newer version
 */
export function rebaseDraft(opened: KeyDraft, typed: KeyDraft, current: KeyDraft): Rebased {
  const grouped = new Set(GROUPS.flat());
  const fields = Object.keys(opened) as (keyof KeyDraft)[];
  const units = [...GROUPS, ...fields.filter((field) => !grouped.has(field)).map((field) => [field])];
  const isSame = (unit: readonly (keyof KeyDraft)[], one: KeyDraft, other: KeyDraft) =>
    unit.every((field) => JSON.stringify(one[field]) === JSON.stringify(other[field]));
  const edited = units.filter((unit) => !isSame(unit, opened, typed));
  const kept = edited.flat().map((field) => [field, typed[field]]);
  const both = edited.filter((unit) => !isSame(unit, opened, current) && !isSame(unit, typed, current));
  return { draft: { ...current, ...Object.fromEntries(kept) }, conflicts: both.map(([field]) => field!) };
}
