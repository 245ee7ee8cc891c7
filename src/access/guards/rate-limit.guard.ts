import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../core/config/config.js';
import { routeWindows } from '../decision/route-windows.js';
import { policyOf } from '../routes/route-policy.js';
import { type Charged, RateLimits } from '../rate-limit/rate-limits.js';
import { RateLimitStorage } from '../rate-limit/rate-limit-storage.js';

/** Charges all windows of the request in one step, or refuses with 429. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    // Explicit, because the base class's injections would be inherited by position.
    @Inject(RateLimitStorage) storage: RateLimitStorage,
    private readonly limits: RateLimits,
    reflector: Reflector,
  ) {
    super([], storage, reflector);
  }

  // Named throttlers aren't used: windows come from the principal, not from decorators.
  override async onModuleInit(): Promise<void> {}

  // @ts-expect-error the base class always returns a promise; a synchronous answer saves cached requests a tick
  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.getArgByIndex<FastifyRequest>(0);
    const policy = policyOf(context.getHandler())!;
    if (request.principal === null && policy.addressWindow === undefined) return true;
    const reply = context.getArgByIndex<FastifyReply>(1);
    const windows = routeWindows(request.principal, policy, request, this.config.limits);
    const charged = this.limits.charge(windows);
    return charged instanceof Promise ? charged.then((settled) => settle(settled, reply)) : settle(charged, reply);
  }
}

function settle({ policy, value, refusal }: Charged, reply: FastifyReply): true {
  // Lower case, so that Fastify doesn't convert the names on each request.
  if (policy !== '') reply.header('ratelimit-policy', policy).header('ratelimit', value);
  if (refusal === undefined) return true;
  throw refusal;
}
