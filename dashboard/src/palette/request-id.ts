const ID = /^[\w-]{6,64}$/;
/** As it stands in logs: `X-Request-Id: abc-1`, `"request_id": "abc-1"`, `requestId=abc-1`. */
const NAMED = /request[_-]?id["']?\s*[:=]\s*["']?([\w-]{1,64})/i;

/** The request id in a text that was pasted from a log; undefined if there is none. A word is no id. */
export function requestIdIn(text: string): string | undefined {
  const named = NAMED.exec(text)?.[1];
  if (named !== undefined) return named;
  const typed = text.trim();
  return ID.test(typed) && /[\d_-]/.test(typed) ? typed : undefined;
}
