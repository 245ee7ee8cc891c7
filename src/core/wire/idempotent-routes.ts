type Handler = object;

const handlers = new WeakSet<Handler>();

/** For the decorator that makes a route accept an Idempotency-Key. */
export function declareIdempotent(handler: Handler): void {
  handlers.add(handler);
}

export function isIdempotent(handler: Handler): boolean {
  return handlers.has(handler);
}
