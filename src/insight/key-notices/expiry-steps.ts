/** A day of 24 hours. Changes of daylight saving time don't shift notices. */
export const DAY_MS = 24 * 60 * 60 * 1_000;

/** Days before a key's end: its notices, and the end itself. In the order of their instants. */
export const EXPIRY_DAYS = [30, 14, 7, 1, 0] as const;
export type ExpiryDays = (typeof EXPIRY_DAYS)[number];

export interface ExpirySteps {
  /** The last step that was reached after `doneUntil`. */
  readonly reached: ExpiryDays | undefined;
  /** Earlier steps after `doneUntil`, which are late. */
  readonly missed: readonly ExpiryDays[];
  /** When the next step is reached; undefined after the key's end. */
  readonly nextAt: Date | undefined;
}

/** @param doneUntil the last look at the key, or the change of its end */
export function expirySteps(expiresAt: Date, doneUntil: Date, now: Date): ExpirySteps {
  const instantOf = (days: ExpiryDays) => expiresAt.getTime() - days * DAY_MS;
  const reached = EXPIRY_DAYS.filter(
    (days) => instantOf(days) > doneUntil.getTime() && instantOf(days) <= now.getTime(),
  );
  const next = EXPIRY_DAYS.find((days) => instantOf(days) > now.getTime());
  return {
    reached: reached.at(-1),
    missed: reached.slice(0, -1),
    nextAt: next === undefined ? undefined : new Date(instantOf(next)),
  };
}
