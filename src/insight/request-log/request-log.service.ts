import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Refusals } from '../../access/guards/refusals.js';
import { Countries } from '../../access/ports/countries.js';
import { type AnsweredRequest, RequestRecorder } from '../../access/ports/request-recorder.js';
import { CONFIG, type Config, type RequestLogConfig } from '../../core/config/config.js';
import { Database } from '../../core/database/database.js';
import { uuidV7At } from '../../core/database/uuid-v7.js';
import { isDataException } from '../../core/errors/postgres-error.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { FirstCalls } from './first-calls.js';
import { entryOf, kindOf, outcomeOf } from './log-entry.js';
import { LogStore, type StoredEntry } from './log-store.js';
import { SampledRequests } from './sampled-requests.js';

const FLUSH_EVERY_MS = 1_000;
/** What is kept in memory while the database is away, in seconds of the highest rate. */
const BACKLOG_SECONDS = 60;
const BATCH_ENTRIES_MAX = 5_000;
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Writes the request log: entries of one second are kept in memory, and stored in one statement. A crash loses them. So
 * does an outage of the database that lasts longer than the backlog; what is lost is counted.
 */
@Injectable()
export class RequestLog extends RequestRecorder implements OnModuleInit {
  override readonly counts = { stored: 0, merged: 0, dropped: 0 };
  readonly #settings: RequestLogConfig;
  readonly #firstCalls = new FirstCalls();
  #current: SampledRequests;
  #backlog: StoredEntry[] = [];
  #sequence = 0;
  #storing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly store: LogStore,
    private readonly refusals: Refusals,
    private readonly countries: Countries,
    @Inject(CONFIG) { requestLog }: Pick<Config, 'requestLog'>,
    @Inject(LOG) private readonly log: Log,
  ) {
    super();
    this.#settings = requestLog;
    this.#current = new SampledRequests(requestLog.rowsPerSecond);
  }

  onModuleInit(): void {
    if (!this.isOn) return;
    this.#timer = setInterval(() => this.#tick(), FLUSH_EVERY_MS).unref();
    this.database.beforeClose(() => {
      clearInterval(this.#timer);
      return this.flush().catch((error: unknown) => this.#tellLater(error));
    });
  }

  override get isOn(): boolean {
    return this.#settings.requests !== 'off';
  }

  override record(answered: AnsweredRequest): void {
    const nowMs = Date.now();
    if (!this.#isWanted(answered, nowMs)) return;
    const { status, error } = answered;
    const refusal = error && this.refusals.of(error);
    this.#current.add({
      kind: kindOf(answered, refusal),
      outcome: outcomeOf(status, refusal),
      entry: () => entryOf(answered, refusal, nowMs),
    });
  }

  /** Stores the entries up to now. */
  async flush(): Promise<void> {
    this.#closeSecond();
    while (this.#storing) await this.#storing.catch(() => undefined);
    this.#storing = this.#storeBacklog().finally(() => (this.#storing = undefined));
    await this.#storing;
  }

  /** Takes nanoseconds for the reads of a known key, which are most requests. */
  #isWanted({ request, route, service, status, principal }: AnsweredRequest, nowMs: number): boolean {
    const { requests } = this.#settings;
    if (requests === 'off') return false;
    if (status >= 400) return true;
    if (requests === 'refusals') return false;
    if (!READS.has(request.method)) return true;
    // Pages, documents and health checks.
    if (principal === null) return false;
    if (requests === 'all') return true;
    return principal.credentialId !== undefined && this.#firstCalls.isFirst(principal.id, service, route, nowMs);
  }

  /** The next second begins, even while the database is slow. */
  #tick(): void {
    this.#closeSecond();
    if (this.#storing !== undefined || this.#backlog.length === 0) return;
    this.#storing = this.#storeBacklog()
      .catch((error: unknown) => this.#tellLater(error))
      .finally(() => (this.#storing = undefined));
  }

  #closeSecond(): void {
    if (this.#current.isEmpty) return;
    const closed = this.#current;
    this.#current = new SampledRequests(this.#settings.rowsPerSecond);
    this.counts.merged += closed.merged;
    const free = BACKLOG_SECONDS * this.#settings.rowsPerSecond - this.#backlog.length;
    for (const [index, { weight, ...entry }] of closed.entries().entries()) {
      if (index >= free) {
        this.counts.dropped += weight;
        continue;
      }
      const { atMs, client_address } = entry;
      const country = client_address === null ? null : this.countries.of(client_address);
      this.#sequence = (this.#sequence + 1) >>> 0;
      this.#backlog.push({ ...entry, weight, country, id: uuidV7At(atMs, this.#sequence) });
    }
  }

  async #storeBacklog(): Promise<void> {
    while (this.#backlog.length > 0) {
      const batch = this.#backlog.slice(0, BATCH_ENTRIES_MAX);
      try {
        await this.store.insert(batch);
        this.counts.stored += batch.length;
      } catch (error) {
        // Nothing would follow a batch that the table can't hold.
        if (!isDataException(error)) throw error;
        this.log.error({ err: error }, 'entries of the request log could not be stored');
        this.counts.dropped += batch.reduce((sum, { weight }) => sum + weight, 0);
      }
      this.#backlog.splice(0, batch.length);
    }
  }

  #tellLater(error: unknown): void {
    this.log.warn({ err: error }, 'the request log could not be stored yet');
  }
}
