import { BoundedMap } from '../../core/cache/bounded-map.js';

const FIRST_MS = 15_000;
const MAX_MS = 10 * 60_000;
/** An endpoint that is forgotten is tried again, which only costs a worker for some seconds. */
const ENDPOINTS_MAX = 10_000;

interface Pause {
  readonly failures: number;
  readonly untilMs: number;
}

/**
 * Endpoints that didn't answer this process. Each unanswered attempt holds a worker until its timeout, so their next
 * deliveries wait: 15 s at first, then twice as long each time, up to 10 minutes.
 */
export class EndpointPauses {
  readonly #pauses = new BoundedMap<string, Pause>(ENDPOINTS_MAX);

  /** Undefined: it may be tried. */
  until(endpointId: string, nowMs: number): Date | undefined {
    const pause = this.#pauses.get(endpointId);
    return pause !== undefined && pause.untilMs > nowMs ? new Date(pause.untilMs) : undefined;
  }

  /** Concurrent attempts count as one. */
  unanswered(endpointId: string, nowMs: number): void {
    const { failures, untilMs } = this.#pauses.get(endpointId) ?? { failures: 0, untilMs: 0 };
    if (untilMs > nowMs) return;
    const pauseMs = Math.min(FIRST_MS * 2 ** failures, MAX_MS);
    this.#pauses.set(endpointId, { failures: failures + 1, untilMs: nowMs + pauseMs });
  }

  answered(endpointId: string): void {
    this.#pauses.delete(endpointId);
  }
}
