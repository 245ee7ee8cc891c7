import { retryAfterSeconds } from './gatehouse-error.js';

export interface Retries {
  /** The maximum number of retries; 0 disables them. */
  readonly retriesMax: number;
  /** A response with a longer Retry-After is returned at once. */
  readonly waitSecondsMax: number;
}

const REPEATABLE = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);

/** A fetch that retries after the Retry-After of a response. */
export function retrying(fetch: (request: Request) => Promise<Response>, { retriesMax, waitSecondsMax }: Retries) {
  return async (request: Request): Promise<Response> => {
    for (let retries = 0; ; retries++) {
      // Sending a request consumes its body.
      const response = await fetch(request.clone());
      const wait = retryAfterSeconds(response.headers);
      if (!isWorthIt(request, response) || retries >= retriesMax || wait === undefined || wait > waitSecondsMax) {
        return response;
      }
      await response.body?.cancel();
      await pause(jittered(wait), request.signal);
    }
  };
}

/** A 429 had no effect. A 503 may have had one, so only idempotent requests are retried. */
function isWorthIt({ method, headers }: Request, { status }: Response): boolean {
  return status === 429 || (status === 503 && (REPEATABLE.has(method) || headers.has('idempotency-key')));
}

/** Adds up to a quarter of the wait, so that clients do not retry at the same time. */
function jittered(seconds: number): number {
  return seconds * (1 + Math.random() / 4) * 1000;
}

/** @throws the signal's reason if the caller aborts */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    }, milliseconds);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
}
