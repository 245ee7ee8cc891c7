import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { coreErrors } from '../../core/errors/core-errors.js';
import { LeaseConnection, type SyncAnswer } from './lease-connection.js';
import type { ReadFence } from './read-fence.js';
import { SilentLeases } from './silent-leases.js';
import { Trust, type ChangeListener } from './trust.js';

const HEARTBEAT_MS = 500;
const SWEEP_EVERY_MS = 1_000;
const FIRST_RETRY_MS = 50;
const RETRY_MS_MAX = 400;

export interface LeaseSettings {
  /** Whether a renewal counts only once a synchronous standby has confirmed it. Default: false. */
  readonly isStrict?: boolean;
  /** Direct, because notifications don't pass a transaction pooler. */
  readonly databaseUrl: string;
  /** Stored with the lease, for operators who read the table. */
  readonly instance: string;
}

/** The part of pino's interface that is used. */
export interface LeaseLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/**
 * Allows this process to answer from memory. Once the call that changes a credential returns, no process uses the old
 * state for a request that starts later. A cached request costs no SQL.
 *
 * 1. Bound: a process that trusts its cache at t has applied every change visible at some instant ≥ t − 1.8 s.
 * 2. Acknowledgement: `acked = V` means that V is dropped from memory; the fence keeps it from coming back.
 * 3. Row: a process that trusts its cache has a committed row, older than the read that its trust starts with. No process
 *    removes the row while the trust lasts.
 *
 * NOTIFY only wakes the process. Renewal, acknowledgement and read are one statement, so a lost notification costs time,
 * never correctness. Clocks of two machines are never compared. `docs/decisions/0001-freshness.md` has the reasons.
 */
export class Lease implements ReadFence {
  private readonly trust = new Trust();
  private readonly stopping = new AbortController();
  private earlierIds: string[] = [];
  private running: Promise<void> = Promise.resolve();
  private hasRung = false;
  private wake: () => void = () => undefined;
  private lastProblem: string | undefined;

  constructor(
    private readonly settings: LeaseSettings,
    private readonly log: LeaseLog,
  ) {}

  /** Changes with each registration; a load that began under another id must not be cached. */
  get leaseId(): string | undefined {
    return this.trust.leaseId;
  }

  /** The newest version whose changes were dropped from memory; undefined: not registered. */
  get applied(): number | undefined {
    return this.trust.applied;
  }

  /** Resolves after the first attempt to register. Never rejects: without a database it keeps trying. */
  start(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.running = this.run(resolve);
    return promise;
  }

  /** Ends trust for good, then deletes the row. Takes a few seconds at most. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.trust.end();
    this.ring();
    await this.running;
  }

  /** Whether the cache may answer now. Call it in the same synchronous block as the look-up. */
  trusted(): boolean {
    return this.trust.isGood();
  }

  /** @throws AppError database_unavailable (503) in strict mode while the cache isn't trusted */
  assertCanRead(): void {
    if (this.settings.isStrict && !this.trusted()) throw coreErrors.database_unavailable();
  }

  /** `leaseAgeMs` is the time since the last successful sync was sent; Infinity before the first. */
  state(): { mode: 'trusted' | 'deaf' | 'fenced'; leaseAgeMs: number } {
    const untrusted = this.settings.isStrict ? 'fenced' : 'deaf';
    return { mode: this.trusted() ? 'trusted' : untrusted, leaseAgeMs: this.trust.ageMs };
  }

  /** The listener must drop the entries before it returns. */
  onChange(listener: ChangeListener): void {
    this.trust.onChange(listener);
  }

  private async run(tried: () => void): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.stopping.signal.aborted) {
      const connection = new LeaseConnection(this.settings.databaseUrl, () => this.ring(), this.settings.isStrict);
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
        this.logProblem(error);
      } finally {
        // Trust expires by itself; nothing has to be undone.
        connection.destroy();
        tried();
      }
      await sleep(retryMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
    }
  }

  /** Commits the row before the first head is read: a change in between finds the row and waits for it. */
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

  /** Both times were taken before the sync was sent. */
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
    this.lastProblem = undefined;
    this.log.info({ leaseId: this.leaseId, version: this.applied }, 'credentials are answered from memory');
  }

  /** Logs each kind of failure once, because an outage repeats it at every retry. */
  private logProblem(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    if (problem === this.lastProblem) return;
    this.lastProblem = problem;
    const until = this.settings.isStrict ? 'no credential is accepted' : 'every credential is read from the database';
    this.log.warn({ err: error }, `no lease: ${until} until there is one`);
  }
}
