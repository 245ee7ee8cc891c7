import { changedTags } from './changed-tags.js';
import type { SyncAnswer } from './lease-connection.js';

/** How long a sync is good for, from before it was sent. */
export const TRUST_MS = 1_800;

/** @param tags the rows that changed; empty: something new exists; null: everything */
export type ChangeListener = (tags: readonly string[] | null) => void;

/** What this process knows to be applied, and until when it may rely on that. Only reads clocks, waits for nothing. */
export class Trust {
  private id: string | undefined;
  private appliedVersion: number | undefined;
  private sentAtMs = -Infinity;
  private sentAtWallMs = -Infinity;
  private untilMs = -Infinity;
  private readonly listeners: ChangeListener[] = [];

  get leaseId(): string | undefined {
    return this.id;
  }

  get applied(): number | undefined {
    return this.appliedVersion;
  }

  get ageMs(): number {
    return performance.now() - this.sentAtMs;
  }

  onChange(listener: ChangeListener): void {
    this.listeners.push(listener);
  }

  isGood(): boolean {
    // The monotonic clock stands still while the machine is suspended, the wall clock doesn't.
    return performance.now() < this.untilMs && Date.now() - this.sentAtWallMs < TRUST_MS;
  }

  /** Nothing is carried over from one lease to the next: after a failover a version may be given out twice. */
  startOver(leaseId: string): void {
    this.end();
    this.drop(null);
    this.id = leaseId;
  }

  end(): void {
    this.untilMs = -Infinity;
    this.appliedVersion = undefined;
  }

  /**
   * One synchronous block: no request sees the new trust with the old entries. The times are from before the sync was
   * sent, for its answer may have taken long.
   * @throws Error when the lease is over
   */
  renew({ head, isRegistered, changes }: SyncAnswer, sentAtMs: number, sentAtWallMs: number): void {
    const applied = this.appliedVersion ?? head;
    if (!isRegistered) throw new Error('the lease was swept');
    if (head < applied) throw new Error('the database went back in time');
    if (head > applied) this.drop(changedTags(changes, applied, head));
    this.appliedVersion = head;
    this.sentAtMs = sentAtMs;
    this.sentAtWallMs = sentAtWallMs;
    this.untilMs = sentAtMs + TRUST_MS;
  }

  private drop(tags: readonly string[] | null): void {
    for (const listener of this.listeners) listener(tags);
  }
}
