const MINUTE_MS = 60_000;
/** About 10 MB. Later pairs of the same minute aren't first calls. */
const PAIRS_MAX = 100_000;

/** Finds each key's first call of a route in each minute. It runs on every request, so it makes no text of the pair. */
export class FirstCalls {
  /** Key ids by service, then by route. */
  readonly #keys = new Map<string | null, Map<string | null, Set<string>>>();
  #minuteEndsMs = 0;
  #pairs = 0;

  /** @param nowMs milliseconds since the epoch */
  isFirst(keyId: string, service: string | null, route: string | null, nowMs: number): boolean {
    if (nowMs >= this.#minuteEndsMs || nowMs < this.#minuteEndsMs - MINUTE_MS) this.#begin(nowMs);
    let routes = this.#keys.get(service);
    if (routes === undefined) this.#keys.set(service, (routes = new Map()));
    let keys = routes.get(route);
    if (keys === undefined) routes.set(route, (keys = new Set()));
    if (keys.has(keyId) || this.#pairs >= PAIRS_MAX) return false;
    keys.add(keyId);
    this.#pairs++;
    return true;
  }

  #begin(nowMs: number): void {
    this.#keys.clear();
    this.#pairs = 0;
    this.#minuteEndsMs = nowMs - (nowMs % MINUTE_MS) + MINUTE_MS;
  }
}
