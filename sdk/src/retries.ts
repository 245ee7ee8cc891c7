import { retryAfterSeconds } from './gatehouse-error.js';

export interface Retries {
  /** How often a request is sent again, at most. 0: never. */
  readonly retriesMax: number;
  /** Whoever is told to wait longer gets the refusal at once. */
  readonly waitSecondsMax: number;
}

const REPEATABLE = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);

/** A fetch that comes back when a server says when to. */
export function retrying(fetch: (request: Request) => Promise<Response>, { retriesMax, waitSecondsMax }: Retries) {
  return async (request: Request): Promise<Response> => {
    for (let retries = 0; ; retries++) {
      // Of a request that was sent, the body is gone.
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

/** 429 was refused before anything was done; at 503 it isn't known, so only what may be done twice is sent again. */
function isWorthIt({ method, headers }: Request, { status }: Response): boolean {
  return status === 429 || (status === 503 && (REPEATABLE.has(method) || headers.has('idempotency-key')));
}

/** Never too early, and not all at once: up to a quarter more. */
function jittered(seconds: number): number {
  return seconds * (1 + Math.random() / 4) * 1000;
}

/** @throws the signal's reason when the caller gives up waiting */
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
