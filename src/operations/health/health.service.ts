import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Lease } from '../../access/freshness/lease.js';
import { RateLimitStorage } from '../../access/rate-limit/rate-limit-storage.js';
import { Database } from '../../core/database/database.js';
import { OBJECT_STORAGE } from '../../core/object-storage/object-storage.module.js';
import type { ObjectStorage } from '../../core/object-storage/object-storage.js';
import { RecentRead } from '../../core/database/recent-read.js';
import type { Readiness } from './readiness.dto.js';

/** Shorter than the probe interval of load balancers. */
const PROBE_KEPT_MS = 200;
/** The store bills requests. */
const STORE_PROBE_KEPT_MS = 5_000;
/** The probe of a store that hangs must not delay the answer. */
const STORE_WAIT_MS = 300;
/** There is no such object: the store still has to know the bucket and the credentials. */
const PROBE_KEY = 'probe';

/** The status for load balancers, with details for operators. */
@Injectable()
export class Health {
  readonly #isDatabaseUp = new RecentRead(PROBE_KEPT_MS, () =>
    this.database.pool.query('SELECT 1').then(
      () => true,
      () => false,
    ),
  );

  readonly #isStoreUp = new RecentRead(STORE_PROBE_KEPT_MS, async () =>
    this.objectStorage!.get(PROBE_KEY).then(
      (found) => {
        found?.content.destroy();
        return true;
      },
      () => false,
    ),
  );

  constructor(
    private readonly database: Database,
    private readonly lease: Lease,
    private readonly rateLimits: RateLimitStorage,
    @Inject(OBJECT_STORAGE) private readonly objectStorage: ObjectStorage | undefined,
  ) {}

  /**
   * Unavailable while the database is, and while credentials are refused. A deaf process is slow, not wrong. Without object
   * storage, only routes of files fail.
   */
  async readiness(): Promise<Readiness> {
    const [isDatabaseUp, objectStorage] = await Promise.all([this.#isDatabaseUp.get(), this.#storeState()]);
    const { mode, leaseAgeMs } = this.lease.state();
    return {
      status: isDatabaseUp && mode !== 'fenced' ? 'ok' : 'unavailable',
      database: isDatabaseUp ? 'up' : 'away',
      cache: { mode, lease_age_ms: Math.round(leaseAgeMs) },
      rate_limits: this.rateLimits.mode,
      object_storage: objectStorage,
    };
  }

  async #storeState(): Promise<Readiness['object_storage']> {
    if (this.objectStorage === undefined) return 'off';
    const isUp = await Promise.race([this.#isStoreUp.get(), pause(STORE_WAIT_MS, false, { ref: false })]);
    return isUp ? 'up' : 'away';
  }
}
