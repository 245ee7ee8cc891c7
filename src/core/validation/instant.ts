/** The first and last millisecond with a four-digit year in UTC, which ISO 8601, `Date` and Postgres write alike. */
const FIRST = '0001-01-01T00:00:00.000Z';
const LAST = '9999-12-31T23:59:59.999Z';
const FIRST_MS = Date.parse(FIRST);
export const LAST_INSTANT_MS = Date.parse(LAST);

// Longer years and times without a zone are valid ISO 8601 but ambiguous. Postgres accepts offsets below 16 h.
const INSTANT = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-](0\d|1[0-5]):[0-5]\d)$/;
const BELOW_MILLISECONDS = /\.\d{3}\d*[1-9]/;

const ASKED_FOR = 'an ISO 8601 date and time with a zone, in the years 0001 to 9999 (UTC)';
const FAR_OFFSET = /[+-](1[6-9]|[2-9]\d):\d\d$/;
/** In a query string, `+` means a space. */
const LOST_SIGN = /^\d{4}-\d\d-\d\dT[\d:.]{1,20} \d\d:\d\d$/;

/** What to send instead of an invalid instant, for the error message. */
export function instantInsteadOf(value: unknown): string {
  if (typeof value !== 'string') return ASKED_FOR;
  if (LOST_SIGN.test(value)) return `${ASKED_FOR}: in a query string, write + as %2B`;
  return FAR_OFFSET.test(value) ? `${ASKED_FOR}: its offset must be less than 16 hours` : ASKED_FOR;
}

/** An ISO 8601 date and time with a zone, in the years 1 to 9999 in UTC. */
export function isInstant(text: string): boolean {
  if (!INSTANT.test(text) || !isDay(text.slice(0, 10))) return false;
  // Postgres rounds to milliseconds, `Date` truncates.
  const ms = Date.parse(text) + (BELOW_MILLISECONDS.test(text) ? 1 : 0);
  return ms >= FIRST_MS && ms <= LAST_INSTANT_MS;
}

/** True for a calendar day, such as `2026-03-15`, in the years 0 to 9999. */
function isDay(text: string): boolean {
  // `Date` reads 30 February as 2 March.
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** SQL for a CHECK: the column is null, or an instant with a four-digit year. */
export function isInYearsSql(column: string): string {
  return `${column} BETWEEN '${FIRST}' AND '${LAST}'`;
}

/**
 * An expiry as milliseconds since the epoch; null never expires. Anything outside the years 1 to 9999, such as `infinity`
 * of Postgres, counts as expired, so that the error is on the safe side.
 */
export function endMsOf(end: Date | string | number | null): number {
  if (end === null) return Infinity;
  const ms = new Date(end).getTime();
  return ms >= FIRST_MS && ms <= LAST_INSTANT_MS ? ms : -Infinity;
}

/** True if the expiry has passed. NaN counts as passed; `nowMs >= NaN` would be false forever. */
export function hasEnded(endMs: number, nowMs = Date.now()): boolean {
  return !(nowMs < endMs);
}
