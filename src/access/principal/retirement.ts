/** Headers of answers to a credential that ends. Lower case, as Fastify sends them. */
export type RetirementHeaders = Readonly<{
  /** Only for a credential that a newer one replaced. */
  deprecation?: string;
  sunset?: string;
}>;

/** How long before the end of a credential its answers announce it. */
const ANNOUNCED_MS = 30 * 86_400_000;

/** Announces the end of a credential. The headers are made once, because every answer carries them. */
export class Retirement {
  readonly #before: RetirementHeaders | undefined;
  readonly #announced: RetirementHeaders | undefined;
  readonly #announcedFromMs: number;

  /**
   * `Deprecation` (RFC 9745, a structured date) and `Sunset` (RFC 8594, an HTTP date). Seconds are rounded down.
   * @param rotatedAtMs null: no other credential replaced it
   * @param endsAtMs the earlier end of the credential and its key; Infinity: none
   */
  constructor(
    private readonly rotatedAtMs: number | null,
    endsAtMs: number,
  ) {
    this.#before = rotatedAtMs === null ? undefined : { deprecation: `@${Math.floor(rotatedAtMs / 1_000)}` };
    const hasEnd = Number.isFinite(endsAtMs);
    this.#announced = hasEnd ? { ...this.#before, sunset: new Date(endsAtMs).toUTCString() } : this.#before;
    this.#announcedFromMs = hasEnd ? endsAtMs - ANNOUNCED_MS : Infinity;
  }

  get isReplaced(): boolean {
    return this.rotatedAtMs !== null;
  }

  /** Undefined: nothing is announced yet. */
  headersAt(nowMs: number): RetirementHeaders | undefined {
    return nowMs >= this.#announcedFromMs ? this.#announced : this.#before;
  }
}

/** Undefined: the credential is the newest of its key, and has no end. */
export function retirementOf(rotatedAtMs: number | null, endsAtMs: number): Retirement | undefined {
  return rotatedAtMs === null && !Number.isFinite(endsAtMs) ? undefined : new Retirement(rotatedAtMs, endsAtMs);
}
