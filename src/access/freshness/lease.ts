import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LeaseConnection, type SyncAnswer } from './lease-connection.js';
import { SilentLeases } from './silent-leases.js';
import { Trust, type ChangeListener } from './trust.js';

const HEARTBEAT_MS = 500;
const SWEEP_EVERY_MS = 1_000;
const FIRST_RETRY_MS = 50;
const RETRY_MS_MAX = 400;

export interface LeaseSettings {
  /** Direct: the bell doesn't pass a transaction pooler. */
  readonly databaseUrl: string;
  /** Shown beside the lease's row, for whoever reads the table. */
  readonly instance: string;
}

/** pino's, as far as it is used. */
export interface LeaseLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/**
 * This process's right to answer from memory. When the call that changes a credential has answered, no request that
 * starts afterwards is judged by what was before, in any process; a warm request costs no SQL.
 *
 * 1. Bound: a process that trusts at t has applied every change visible at some instant ≥ t − 1.8 s.
 * 2. Ack: a row that says `acked = V` means dropped from memory, and the fence keeps it from coming back.
 * 3. Row: whoever trusts has a committed row, older than the read its trust rests on; nobody removes it while he may.
 *
 * NOTIFY is only a bell: renewing, acknowledging and reading are one statement, so that a lost one costs time, never
 * correctness. No clock is compared with another machine's. `docs/decisions/0001-freshness.md` has the reasons.
 */
export class Lease {
  private readonly trust = new Trust();
  private readonly stopping = new AbortController();
  private earlierIds: string[] = [];
  private running: Promise<void> = Promise.resolve();
  private hasRung = false;
  private wake: () => void = () => undefined;
  private lastTrouble: string | undefined;

  constructor(
    private readonly settings: LeaseSettings,
    private readonly log: LeaseLog,
  ) {}

  /** Of this registration; another one means that nothing begun under it may be kept. */
  get leaseId(): string | undefined {
    return this.trust.leaseId;
  }

  /** The newest version whose changes have been dropped from memory; undefined: not registered. */
  get applied(): number | undefined {
    return this.trust.applied;
  }

  /** Resolves when the first registration was tried. Never fails: without a database it is deaf, and tries on. */
  start(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.running = this.run(resolve);
    return promise;
  }

  /** Ends trust for good, then gives the row back; at most a few seconds. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.trust.end();
    this.ring();
    await this.running;
  }

  /** Whether memory may answer now; asked in the same synchronous block as the look-up. */
  trusted(): boolean {
    return this.trust.isGood();
  }

  /** `leaseAgeMs` counts from the sending of the last good sync; Infinity before the first. */
  state(): { mode: 'trusted' | 'deaf'; leaseAgeMs: number } {
    return { mode: this.trusted() ? 'trusted' : 'deaf', leaseAgeMs: this.trust.ageMs };
  }

  /** The listener is synchronous: when it returns, what it was told to drop is gone. */
  onChange(listener: ChangeListener): void {
    this.trust.onChange(listener);
  }

  private async run(tried: () => void): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.stopping.signal.aborted) {
      const connection = new LeaseConnection(this.settings.databaseUrl, () => this.ring());
      try {
        await connection.open();
        await this.register(connection);
        await this.sync(connection);
        if (this.trusted()) this.tellOfTrust();
        tried();
        retryMs = FIRST_RETRY_MS;
        await this.renewUntilStopped(connection);
        await connection.leave(this.leaseId!);
      } catch (error) {
        this.tellOfTrouble(error);
      } finally {
        // Trust just runs out; there is nothing to undo.
        connection.destroy();
        tried();
      }
      await sleep(retryMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
    }
  }

  /** Committed before the first head is read: who changes something in between finds the row and waits for it. */
  private async register(connection: LeaseConnection): Promise<void> {
    if (this.leaseId !== undefined) this.earlierIds.push(this.leaseId);
    const id = randomUUID();
    this.trust.startOver(id);
    await connection.register(id, this.settings.instance, this.earlierIds);
    this.earlierIds = [];
  }

  private async renewUntilStopped(connection: LeaseConnection): Promise<void> {
    const silent = new SilentLeases();
    let sweepAtMs = -Infinity;
    while (!this.stopping.signal.aborted) {
      this.hasRung = false;
      const acknowledged = this.applied;
      await this.sync(connection);
      if (performance.now() >= sweepAtMs) {
        sweepAtMs = performance.now() + SWEEP_EVERY_MS;
        const over = silent.among(await connection.readLeases(), performance.now());
        if (over.length > 0) await connection.sweep(over);
      }
      if (this.applied === acknowledged) await this.bellOrHeartbeat();
    }
  }

  private async sync(connection: LeaseConnection): Promise<void> {
    const sentAtMs = performance.now();
    const sentAtWallMs = Date.now();
    const answer = await connection.sync(this.leaseId!, this.applied ?? -1);
    if (!this.stopping.signal.aborted) this.renew(answer, sentAtMs, sentAtWallMs);
  }

  /** Both times are from before the sync was sent. */
  protected renew(answer: SyncAnswer, sentAtMs: number, sentAtWallMs: number): void {
    this.trust.renew(answer, sentAtMs, sentAtWallMs);
  }

  private ring(): void {
    this.hasRung = true;
    this.wake();
  }

  private async bellOrHeartbeat(): Promise<void> {
    if (this.hasRung) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.wake = resolve;
    const heartbeat = setTimeout(resolve, HEARTBEAT_MS);
    await promise;
    clearTimeout(heartbeat);
  }

  private tellOfTrust(): void {
    this.lastTrouble = undefined;
    this.log.info({ leaseId: this.leaseId, version: this.applied }, 'credentials are answered from memory');
  }

  /** Once per kind of trouble: an outage brings the same one at every retry. */
  private tellOfTrouble(error: unknown): void {
    const trouble = error instanceof Error ? error.message : String(error);
    if (trouble === this.lastTrouble) return;
    this.lastTrouble = trouble;
    this.log.warn({ err: error }, 'no lease: every credential is read from the database until there is one');
  }
}
