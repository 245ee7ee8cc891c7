import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../config/config.js';
import { AppError } from '../../errors/app-error.js';
import { policyOf } from '../decorators/route-policy.js';
import { type Principal, refused } from '../principal.js';
import { rateLimitMessage, rateLimitPolicyValue, rateLimitValue } from '../rate-limit/rate-limit-headers.js';
import { RateLimitStorage } from '../rate-limit/rate-limit-storage.js';
import type { Charge, RateWindow } from '../rate-limit/rate-window.js';
import { partnerWindow } from '../resolve-principal.js';

/** Is it within its limits? Charges every window that the request falls under in one step. 429. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  readonly #policyValues = new WeakMap<readonly RateWindow[], string>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    // Explicit, for the base class's own injections would be inherited by position.
    @Inject(RateLimitStorage) private readonly storage: RateLimitStorage,
    reflector: Reflector,
  ) {
    super([], storage, reflector);
  }

  // The stock throttlers aren't used: windows come from the principal, not from decorators.
  override async onModuleInit(): Promise<void> {}

  // @ts-expect-error the stock guard always promises; answering at once spares warm requests a tick
  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { principal } = context.getArgByIndex<FastifyRequest>(0);
    if (principal === null) return true;
    const reply = context.getArgByIndex<FastifyReply>(1);
    const windows = this.#windowsOf(principal, context);
    const charge = this.storage.charge(windows);
    if (charge instanceof Promise) return charge.then((settled) => this.#settle(settled, windows, principal, reply));
    return this.#settle(charge, windows, principal, reply);
  }

  #windowsOf(principal: Principal, context: ExecutionContext): readonly RateWindow[] {
    const { alsoCharge } = policyOf(context.getHandler())!;
    const { limits } = this.config;
    if (alsoCharge === 'login-links-min') {
      return [...principal.windows, partnerWindow(alsoCharge, principal.partnerId, limits.loginLinksPerMinute)];
    }
    if (alsoCharge === 'org-create-min') {
      return [...principal.windows, partnerWindow(alsoCharge, principal.partnerId, limits.orgCreatePerMinute)];
    }
    return principal.windows;
  }

  #settle(charge: Charge, windows: readonly RateWindow[], principal: Principal, reply: FastifyReply): true {
    // In lower case, as Fastify sends them: it would turn each name at each request.
    reply.header('ratelimit-policy', this.#policyValue(windows)).header('ratelimit', rateLimitValue(charge.standings));
    if (charge.refusedBy === undefined) return true;
    const { resetSeconds } = charge.standings[windows.indexOf(charge.refusedBy)]!;
    const message = rateLimitMessage(charge.refusedBy);
    const headers = { 'Retry-After': String(resetSeconds) };
    throw refused(principal, new AppError('rate_limited', { message }, { headers }));
  }

  #policyValue(windows: readonly RateWindow[]): string {
    let value = this.#policyValues.get(windows);
    if (value === undefined) {
      value = rateLimitPolicyValue(windows);
      this.#policyValues.set(windows, value);
    }
    return value;
  }
}
