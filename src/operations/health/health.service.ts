import { Injectable } from '@nestjs/common';
import { Lease } from '../../access/freshness/lease.js';
import { RateLimitStorage } from '../../access/rate-limit/rate-limit-storage.js';
import { Database } from '../../core/database/database.js';
import { RecentRead } from '../../core/database/recent-read.js';
import type { Readiness } from './readiness.dto.js';

/** Shorter than the probe interval of load balancers. */
const PROBE_KEPT_MS = 200;

/** The status for load balancers, with details for operators. */
@Injectable()
export class Health {
  readonly #isDatabaseUp = new RecentRead(PROBE_KEPT_MS, () =>
    this.database.pool.query('SELECT 1').then(
      () => true,
      () => false,
    ),
  );

  constructor(
    private readonly database: Database,
    private readonly lease: Lease,
    private readonly rateLimits: RateLimitStorage,
  ) {}

  /** Unavailable while the database is, and while credentials are refused. A deaf process is slow, not wrong. */
  async readiness(): Promise<Readiness> {
    const isDatabaseUp = await this.#isDatabaseUp.get();
    const { mode, leaseAgeMs } = this.lease.state();
    return {
      status: isDatabaseUp && mode !== 'fenced' ? 'ok' : 'unavailable',
      database: isDatabaseUp ? 'up' : 'away',
      cache: { mode, lease_age_ms: Math.round(leaseAgeMs) },
      rate_limits: this.rateLimits.mode,
    };
  }
}
