import { changedTags } from './changed-tags.js';
import type { SyncAnswer } from './lease-connection.js';

/** How long a sync is valid, counted from before it was sent. */
export const TRUST_MS = 1_800;

/** @param tags the rows that changed; empty: something new exists; null: everything */
export type ChangeListener = (tags: readonly string[] | null) => void;

/** The applied version of this process, and until when it may rely on it. Reads clocks, never waits. */
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
    // Unlike the wall clock, the monotonic clock stops while the machine is suspended.
    return performance.now() < this.untilMs && Date.now() - this.sentAtWallMs < TRUST_MS;
  }

  /** A new lease starts empty: after a failover a version number may be used twice. */
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
   * Synchronous, so that no request sees the new trust with the old entries. The times were taken before the sync was
   * sent, because its answer may take long.
   * @throws Error when the lease has ended
   */
  renew({ head, isRegistered, changes }: SyncAnswer, sentAtMs: number, sentAtWallMs: number): void {
    const applied = this.appliedVersion ?? head;
    if (!isRegistered) throw new Error('the lease was removed');
    if (head < applied) throw new Error('the database was restored to an earlier state');
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
