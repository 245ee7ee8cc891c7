/** What answers to a credential carry when a newer one has taken its place. Lower case, as Fastify sends them. */
export type RetirementHeaders = Readonly<{
  deprecation: string;
  /** Left out where no end is known. */
  sunset?: string;
}>;

/**
 * Since when it is on its way out (RFC 9745, a structured date) and when it stops (RFC 8594, an HTTP date); seconds are
 * rounded down, so that nobody counts on the last one.
 * @param endsAtMs of the credential or its key, whichever is first
 */
export function retirementHeaders(rotatedAtMs: number, endsAtMs: number): RetirementHeaders {
  const deprecation = `@${Math.floor(rotatedAtMs / 1_000)}`;
  return Number.isFinite(endsAtMs) ? { deprecation, sunset: new Date(endsAtMs).toUTCString() } : { deprecation };
}
