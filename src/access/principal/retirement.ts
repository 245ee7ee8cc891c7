/** Headers of answers to a rotated-out credential. Lower case, as Fastify sends them. */
export type RetirementHeaders = Readonly<{
  deprecation: string;
  /** Absent without a known end. */
  sunset?: string;
}>;

/**
 * `Deprecation` (RFC 9745, a structured date) and `Sunset` (RFC 8594, an HTTP date). Seconds are rounded down.
 * @param endsAtMs the earlier end of the credential and its key
 */
export function retirementHeaders(rotatedAtMs: number, endsAtMs: number): RetirementHeaders {
  const deprecation = `@${Math.floor(rotatedAtMs / 1_000)}`;
  return Number.isFinite(endsAtMs) ? { deprecation, sunset: new Date(endsAtMs).toUTCString() } : { deprecation };
}
