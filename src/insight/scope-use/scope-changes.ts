/** A change of a key's scopes, as the audit has it. Null: full access. */
export interface ScopeChange {
  readonly action: string;
  /** ISO 8601. */
  readonly at: string;
  /** In the last 24 hours, by the clock of the database. */
  readonly can_be_undone: boolean;
  readonly by: { readonly type: string; readonly id: string | null; readonly name: string };
  readonly before: readonly string[] | null;
  readonly after: readonly string[] | null;
}

export const REMOVED = 'api_key.scopes_removed';
export const RESTORED = 'api_key.scopes_restored';

/** The scopes that a change gave to a key. Who had full access had them before. */
export function grantedBy(changes: readonly ScopeChange[]): Set<string> {
  return new Set(
    changes.flatMap(({ before, after }) =>
      before === null || after === null ? [] : after.filter((scope) => !before.includes(scope)),
    ),
  );
}

/** What can be restored: the removals since the last restoration, together. */
export interface Undoable {
  readonly removed: readonly string[];
  /** The last removal. */
  readonly last: ScopeChange;
}

/**
 * @param changes oldest first
 * @param held the scopes of the key now; null: full access
 */
export function undoableOf(
  changes: readonly ScopeChange[],
  held: readonly string[] | null,
  isOffered: (scope: string) => boolean,
): Undoable | undefined {
  const restored = changes.findLastIndex(({ action }) => action === RESTORED);
  const removals = changes.slice(restored + 1).filter((change) => change.action === REMOVED && change.can_be_undone);
  const last = removals.at(-1);
  if (last === undefined || held === null) return undefined;
  const gone = removals.flatMap(({ before, after }) => before!.filter((scope) => !after!.includes(scope)));
  const removed = [...new Set(gone)].filter((scope) => !held.includes(scope) && isOffered(scope));
  return removed.length === 0 ? undefined : { removed, last };
}
