import { BoundedMap } from '../../core/cache/bounded-map.js';
import type { Log } from '../../core/logging/log.js';

const AGAIN_AFTER_MS = 60_000;
const PROBLEMS_MAX = 1_000;

/** Logs what a proxy lacks: once a minute, because every request of it lacks the same. */
export class ProblemLog {
  readonly #told = new BoundedMap<string, number>(PROBLEMS_MAX);

  constructor(private readonly log: Log) {}

  tell(service: string, problem: string): void {
    const now = performance.now();
    const key = `${service} ${problem}`;
    const last = this.#told.get(key);
    if (last !== undefined && now - last < AGAIN_AFTER_MS) return;
    this.#told.set(key, now);
    this.log.warn({ service }, `The proxy in front of ${service} is refused: ${problem}.`);
  }
}
