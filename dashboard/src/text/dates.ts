const DATE_AND_TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const STEPS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** In the viewer's zone. */
export function dateAndTime(instant: string): string {
  return DATE_AND_TIME.format(new Date(instant));
}

/** In the viewer's zone. */
export function date(instant: string): string {
  return DATE.format(new Date(instant));
}

/** In the viewer's zone. */
export function time(instant: string): string {
  return TIME.format(new Date(instant));
}

/** The day in the viewer's zone: `Today`, `Yesterday`, or `Friday 27 November 2026`. */
export function dayWords(instant: string, now = Date.now()): string {
  const day = dayOf(new Date(instant));
  const today = new Date(now);
  if (day === dayOf(today)) return 'Today';
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  return day === dayOf(yesterday) ? 'Yesterday' : DAY.format(new Date(instant));
}

/** `2026-11-22 12:37:12 UTC` */
export function utc(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `5 minutes ago`, `in 3 days` */
export function relative(instant: string, now = Date.now()): string {
  const seconds = (Date.parse(instant) - now) / 1_000;
  const step = STEPS.find(([, length]) => Math.abs(seconds) >= length);
  return step ? RELATIVE.format(Math.trunc(seconds / step[1]), step[0]) : 'just now';
}

/** The last second of a day (`YYYY-MM-DD`) in the time zone of the viewer. */
export function endOfDay(day: string): Date {
  return new Date(`${day}T23:59:59`);
}

export function startOfDay(day: string): Date {
  return new Date(`${day}T00:00:00`);
}

/** The day (`YYYY-MM-DD`) in the time zone of the viewer. */
export function dayOf(instant: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
}

export function isPast(instant: string, now = Date.now()): boolean {
  return Date.parse(instant) <= now;
}
