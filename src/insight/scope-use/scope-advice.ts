/** How long a scope must have been granted, and its uses counted, before its removal is advised. */
export const OBSERVED_DAYS_MIN = 30;

export interface ObservedScopes {
  /** Undefined: full access. */
  readonly granted: readonly string[] | undefined;
  /** Every scope with a use in the observed time. */
  readonly used: ReadonlySet<string>;
  readonly observedDays: number;
  /** Granted in the last 30 days. */
  readonly recentlyGranted: ReadonlySet<string>;
}

/**
 * The scopes whose removal is advised: those that the key had long enough and never used. None for a key that used no
 * scope at all: it is idle, and a key must keep a scope.
 */
export function removableScopes({ granted, used, observedDays, recentlyGranted }: ObservedScopes): string[] {
  if (granted === undefined || observedDays < OBSERVED_DAYS_MIN) return [];
  if (!granted.some((scope) => used.has(scope))) return [];
  return granted.filter((scope) => !used.has(scope) && !recentlyGranted.has(scope));
}
