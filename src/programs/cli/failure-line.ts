import { styleText } from 'node:util';

/** An error as the one line that goes to stderr. */
export function failureLine(error: unknown): string {
  return `${styleText('red', 'gatehouse:', { stream: process.stderr })} ${failureReason(error)}`;
}

/** What went wrong, in one line. */
export function failureReason(error: unknown): string {
  // What a connection to several addresses of one name fails with has no message of its own.
  if (error instanceof AggregateError) return error.errors.map(failureReason).join('; ');
  const reason = error instanceof Error ? error.message || error.name : String(error);
  const lines = reason.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' / ');
}
