/** The 1.8 s that a lease is good for, and a margin for the rates of two clocks. */
const SILENT_AFTER_MS = 2_000;

export interface LeaseBeat {
  readonly id: string;
  /** As text: only ever compared. */
  readonly beat: string;
}

/**
 * Finds the leases whose owners can't trust their caches any more. A beat may be rolled back by a crash of the
 * database, so one of these lives no longer than the connection that its readings come from.
 */
export class SilentLeases {
  private lastHeard = new Map<string, { beat: string; atMs: number }>();

  /**
   * @param nowMs monotonic, taken after the reading was answered
   * @returns those whose beat has stood still for 2 s; to be deleted only if it still does
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
