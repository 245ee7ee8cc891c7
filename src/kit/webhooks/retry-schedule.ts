/** From the event, or from its replay. */
export const GIVE_UP_AFTER_MS = 3 * 86_400_000;
const GROWTH = 3;
const DELAY_SECONDS_MAX = 6 * 3_600;
/** Up to a fifth longer, so that the deliveries that failed together don't return together. */
const JITTER = 0.2;

/**
 * When to try again: 5 s, 15 s, 45 s and so on up to 6 hours, with jitter, or later if the endpoint asks for it.
 * @param failed number of attempts so far
 * @param firstSeconds the delay after the first one
 * @param retryAfter the header's value: seconds, or a date (RFC 9110, section 10.2.3). At most 6 hours count
 */
export function nextAttemptAt(failed: number, firstSeconds: number, retryAfter: string | undefined, now: Date): Date {
  const growing = Math.min(firstSeconds * GROWTH ** (failed - 1), DELAY_SECONDS_MAX);
  const jittered = growing * (1 + JITTER * Math.random());
  const asked = Math.min(secondsIn(retryAfter, now), DELAY_SECONDS_MAX);
  return new Date(now.getTime() + Math.max(jittered, asked) * 1_000);
}

function secondsIn(retryAfter: string | undefined, now: Date): number {
  if (retryAfter === undefined) return 0;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter);
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? 0 : (at - now.getTime()) / 1_000;
}
