import { AppError } from '../errors/app-error.js';
import { rateLimitMessage } from './rate-limit/rate-limit-headers.js';

interface Failures {
  count: number;
  /** Monotonic milliseconds. */
  endsAt: number;
}

const WINDOW_MS = 60_000;
/** Addresses remembered at once; beyond it the oldest go, so that a flood from many can't fill the memory. */
const ADDRESSES_MAX = 100_000;

/**
 * Counts authentication failures that cost a query, a signature check or an argon2 run, per client address, so that
 * guessing and flooding can't go on. Per process: what it protects is the process.
 */
export class AuthFailures {
  readonly #failures = new Map<string, Failures>();

  constructor(private readonly perMinute: number) {}

  /** @throws AppError rate_limited (429) when this address has failed too often in the last minute */
  throwIfTooMany(address: string | undefined): void {
    const failures = this.#failures.get(networkOf(address));
    if (failures === undefined || failures.count < this.perMinute) return;
    const leftMs = failures.endsAt - performance.now();
    if (leftMs <= 0) return;
    const message = rateLimitMessage({ limit: this.perMinute, windowSeconds: 60 });
    throw new AppError('rate_limited', { message }, { headers: { 'Retry-After': String(Math.ceil(leftMs / 1000)) } });
  }

  count(address: string | undefined): void {
    const network = networkOf(address);
    const now = performance.now();
    const failures = this.#failures.get(network);
    if (failures && now < failures.endsAt) {
      failures.count++;
      return;
    }
    this.#failures.delete(network);
    this.#failures.set(network, { count: 1, endsAt: now + WINDOW_MS });
    if (this.#failures.size > ADDRESSES_MAX) this.#failures.delete(this.#failures.keys().next().value!);
  }
}

/** An IPv6 host usually holds a whole /64, so that is what counts as one client. */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return 'undetermined';
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  return [...groups, ...Array<string>(missing).fill('0')].slice(0, 4).join(':');
}
