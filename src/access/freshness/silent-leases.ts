/** The 1.8 s of a lease, and a margin for clock drift. */
const SILENT_AFTER_MS = 2_000;

export interface LeaseBeat {
  readonly id: string;
  /** As text, because it is only compared. */
  readonly beat: string;
}

/**
 * Finds the leases whose owners can't trust their caches any more. A crash of the database may roll a beat back, so an
 * instance must not outlive the connection that its readings come from.
 */
export class SilentLeases {
  private lastHeard = new Map<string, { beat: string; atMs: number }>();

  /**
   * @param nowMs monotonic, taken after the answer
   * @returns the leases with the same beat for 2 s; delete them only if it is still the same
   */
  among(reading: readonly LeaseBeat[], nowMs: number): LeaseBeat[] {
    const before = this.lastHeard;
    this.lastHeard = new Map();
    return reading.filter(({ id, beat }) => {
      const earlier = before.get(id);
      const heard = earlier?.beat === beat ? earlier : { beat, atMs: nowMs };
      this.lastHeard.set(id, heard);
      return nowMs - heard.atMs >= SILENT_AFTER_MS;
    });
  }
}
