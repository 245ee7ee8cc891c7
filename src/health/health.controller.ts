import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/decorators/route-policy.js';
import { Lease } from '../access/freshness/lease.js';
import { RateLimitStorage } from '../access/rate-limit/rate-limit-storage.js';
import { Database } from '../database/database.js';

/** For process managers and balancers. */
@Controller()
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly lease: Lease,
    private readonly rateLimits: RateLimitStorage,
  ) {}

  /** The process lives. */
  @Get('healthz')
  @Public('asked by process managers')
  live() {
    return { status: 'ok' };
  }

  /** It can serve: 503 while the database is away. A deaf cache is slower, not wrong, so it doesn't count. */
  @Get('readyz')
  @Public('asked by balancers')
  async ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const isDatabaseUp = await this.database.pool.query('SELECT 1').then(
      () => true,
      () => false,
    );
    if (!isDatabaseUp) reply.code(503).header('Retry-After', '1');
    const { mode, leaseAgeMs } = this.lease.state();
    return {
      status: isDatabaseUp ? 'ok' : 'unavailable',
      database: isDatabaseUp ? 'up' : 'away',
      cache: { mode, lease_age_ms: Math.round(leaseAgeMs) },
      rate_limits: this.rateLimits.mode,
    };
  }
}
