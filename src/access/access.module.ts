import { type BeforeApplicationShutdown, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../core/config/config.js';
import { Database } from '../core/database/database.js';
import { LOG, type Log } from '../core/logging/log.js';
import { AuthFailures } from './credentials/auth-failures.js';
import { CredentialCache } from './freshness/credential-cache.js';
import { Refusals } from './guards/refusals.js';
import { Lease } from './freshness/lease.js';
import { ReadFence } from './freshness/read-fence.js';
import { NetworkRules } from './decision/network-rules.js';
import { OwnOrigin } from './network/own-origin.js';
import { MemoryRateLimit } from './rate-limit/memory-rate-limit.js';
import { RateLimits } from './rate-limit/rate-limits.js';
import { RateLimitStorage } from './rate-limit/rate-limit-storage.js';
import { RedisRateLimit } from './rate-limit/redis-rate-limit.js';
import { SecretVerifier } from './credentials/secret-verifier.js';
import type { Verdict } from './credentials/verdict.js';

/** Services of the guards. Features implement `access/ports/`; `app.module.ts` connects them. */
@Global()
@Module({
  providers: [
    Refusals,
    SecretVerifier,
    {
      provide: RateLimitStorage,
      useFactory: ({ redis, redisSentinelLogin }: Config, log: Log) =>
        redis === undefined ? new MemoryRateLimit() : RedisRateLimit.open({ redis, redisSentinelLogin }, log),
      inject: [CONFIG, LOG],
    },
    {
      provide: AuthFailures,
      useFactory: (config: Config) => new AuthFailures(config.limits.authFailuresPerMinute),
      inject: [CONFIG],
    },
    {
      provide: OwnOrigin,
      useFactory: (config: Config) => new OwnOrigin([config.publicUrl, config.dashboardUrl]),
      inject: [CONFIG],
    },
    { provide: NetworkRules, useFactory: (own: OwnOrigin) => new NetworkRules(own), inject: [OwnOrigin] },
    {
      provide: RateLimits,
      useFactory: (storage: RateLimitStorage) => new RateLimits(storage),
      inject: [RateLimitStorage],
    },
    {
      provide: Lease,
      useFactory: (database: Database, { freshness }: Config, log: Log) => {
        const isStrict = freshness === 'strict';
        return new Lease({ databaseUrl: database.directUrl, instance: `pid ${process.pid}`, isStrict }, log);
      },
      inject: [Database, CONFIG, LOG],
    },
    { provide: ReadFence, useExisting: Lease },
    {
      provide: CredentialCache,
      useFactory: (lease: Lease) => new CredentialCache<Verdict>(lease),
      inject: [Lease],
    },
  ],
  exports: [
    Refusals,
    SecretVerifier,
    RateLimitStorage,
    RateLimits,
    AuthFailures,
    OwnOrigin,
    NetworkRules,
    Lease,
    ReadFence,
    CredentialCache,
  ],
})
export class AccessModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly lease: Lease,
    private readonly rateLimits: RateLimitStorage,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Runs before the database closes: requests in flight then read it instead of the cache. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.config.freshness === 'standard') await this.lease.stop();
  }

  /** In strict mode, requests in flight need the lease to the last. */
  async onApplicationShutdown(): Promise<void> {
    if (this.config.freshness === 'strict') await this.lease.stop();
    this.rateLimits.close();
  }
}
