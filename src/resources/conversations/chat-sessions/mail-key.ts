/** The key of the mail that sends a message of the history. */
export function mailKeyOf(eventId: string): string {
  return `chat ${eventId}`;
}

/** SQL expression for the same. @param eventId SQL expression */
export function mailKeySql(eventId: string): string {
  return `'chat ' || ${eventId}`;
}
