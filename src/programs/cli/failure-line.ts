import { styleText } from 'node:util';

/** Formats an error as one line for stderr. */
export function failureLine(error: unknown): string {
  return `${styleText('red', 'gatehouse:', { stream: process.stderr })} ${failureReason(error)}`;
}

/** The message of an error, in one line. */
export function failureReason(error: unknown): string {
  // Connecting to a name with several addresses fails with an AggregateError without a message.
  if (error instanceof AggregateError) return error.errors.map(failureReason).join('; ');
  const reason = error instanceof Error ? error.message || error.name : String(error);
  const lines = reason.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' / ');
}
