import { count } from '../text/numbers';

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY_AND_TIME = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const EXACT = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'medium',
});

/** `14:03:22` today, `28 Nov, 14:03:22` before, in the viewer's zone. */
export function clockTime(instant: string, now = new Date()): string {
  const at = new Date(instant);
  return (at.toDateString() === now.toDateString() ? TIME : DAY_AND_TIME).format(at);
}

/** `28 Nov 2026, 14:03:22`, in the viewer's zone. */
export function exactTime(instant: string): string {
  return EXACT.format(new Date(instant));
}

/** `0.4 ms`, `12 ms`, `1,204 ms` */
export function milliseconds(duration: number): string {
  return `${duration < 10 ? duration.toFixed(1) : count(Math.round(duration))} ms`;
}
