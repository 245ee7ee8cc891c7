import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Countries } from '../../access/ports/countries.js';
import { type MeteredKey, UsageMeter } from '../../access/ports/usage-meter.js';
import { Database } from '../../core/database/database.js';
import { LOG, type Log } from '../../core/logging/log.js';
import { isPartitionMissing } from '../../core/errors/postgres-error.js';
import { Months } from '../retention/months.js';
import { flushStatement } from './flush-sql.js';
import { PendingUsage } from './pending-usage.js';
import { UsageBatch } from './usage-batch.js';
import { USAGE_REPORT } from './usage-sql.js';
import { WireJson } from '../../core/wire/wire-json.js';
import type { KeyUsageReport } from './usage.dto.js';

const FLUSH_EVERY_MS = 1_000;

/** Counts the authenticated requests of each key by the hour in memory, and stores the counts about once a second. */
@Injectable()
export class Usage extends UsageMeter implements OnModuleInit {
  readonly #pending = new PendingUsage();
  readonly #instance = randomUUID();
  /** A failed batch is retried unchanged, with the same sequence. */
  #batch = new UsageBatch();
  #sequence = 0;
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly countries: Countries,
    private readonly months: Months,
    @Inject(LOG) private readonly log: Log,
  ) {
    super();
  }

  onModuleInit(): void {
    this.#timer = setInterval(() => void this.#flushQuietly(), FLUSH_EVERY_MS).unref();
    this.database.beforeClose(() => {
      clearInterval(this.#timer);
      return this.#flushQuietly();
    });
  }

  override counterOf(key: MeteredKey) {
    return this.#pending.counterOf(key);
  }

  /** Includes unflushed requests of this process. */
  async report(keyId: string): Promise<WireJson<KeyUsageReport>> {
    await this.flush();
    return new WireJson((await this.database.slowReads.run({ name: '', text: USAGE_REPORT }, [keyId]))!);
  }

  /** Stores the counts up to now. Flushes run one at a time; a second caller waits, then stores the newer counts. */
  async flush(): Promise<void> {
    while (this.#flushing) await this.#flushing.catch(() => undefined);
    this.#flushing = this.#store().finally(() => (this.#flushing = undefined));
    await this.#flushing;
  }

  async #store(): Promise<void> {
    if (!this.#batch.isEmpty) await this.#storeBatch();
    this.#batch = this.#pending.take();
    if (this.#batch.isEmpty) return;
    this.#sequence++;
    await this.#storeBatch();
  }

  async #storeBatch(): Promise<void> {
    const { usage, refusals } = this.#batch;
    await this.months.assureFor(new Set([...usage, ...refusals].map(({ hour }) => hour.getTime())));
    try {
      await this.database.pool.query(flushStatement(this.#instance, this.#sequence, this.#batch, this.countries));
    } catch (error) {
      // Another process, whose clock is ahead, has dropped the month. The next flush makes it again.
      if (isPartitionMissing(error)) this.months.forget();
      throw error;
    }
    this.#batch = new UsageBatch();
  }

  /** Background flush. The next flush retries a failed batch. */
  async #flushQuietly(): Promise<void> {
    await this.flush().catch((error: unknown) => this.log.warn({ err: error }, 'usage could not be stored yet'));
  }
}
