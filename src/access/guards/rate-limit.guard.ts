import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../core/config/config.js';
import { policyOf } from '../routes/route-policy.js';
import type { Principal } from '../principal/principal.js';
import { limitingShared } from '../rate-limit/limiting-windows.js';
import { rateLimited } from '../rate-limit/rate-limited.js';
import { rateLimitPolicyValue, rateLimitValue } from '../rate-limit/rate-limit-headers.js';
import { RateLimitStorage } from '../rate-limit/rate-limit-storage.js';
import type { Charge, RateWindow } from '../rate-limit/rate-window.js';
import { partnerWindow } from '../credentials/resolve-principal.js';

/** The windows of one caller only; they come first. */
interface OwnWindows {
  readonly count: number;
  readonly policy: string;
}

/** Charges all windows of the request in one step, or refuses with 429. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  readonly #own = new WeakMap<readonly RateWindow[], OwnWindows>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    // Explicit, because the base class's injections would be inherited by position.
    @Inject(RateLimitStorage) private readonly storage: RateLimitStorage,
    reflector: Reflector,
  ) {
    super([], storage, reflector);
  }

  // Named throttlers aren't used: windows come from the principal, not from decorators.
  override async onModuleInit(): Promise<void> {}

  // @ts-expect-error the base class always returns a promise; a synchronous answer saves cached requests a tick
  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { principal } = context.getArgByIndex<FastifyRequest>(0);
    if (principal === null) return true;
    const reply = context.getArgByIndex<FastifyReply>(1);
    const windows = this.#windowsOf(principal, context);
    const charge = this.storage.charge(windows);
    if (charge instanceof Promise) return charge.then((settled) => this.#settle(settled, windows, reply));
    return this.#settle(charge, windows, reply);
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

  #settle(charge: Charge, windows: readonly RateWindow[], reply: FastifyReply): true {
    const { standings, refusedBy } = charge;
    const own = this.#ownOf(windows);
    let policy = own.policy;
    let value = rateLimitValue(standings, 0, own.count);
    for (const index of limitingShared(windows, charge)) {
      policy += `, ${rateLimitPolicyValue([windows[index]!])}`;
      value += `, ${rateLimitValue(standings, index, index + 1)}`;
    }
    // Lower case, so that Fastify doesn't convert the names on each request.
    reply.header('ratelimit-policy', policy).header('ratelimit', value);
    if (refusedBy === undefined) return true;
    const { resetSeconds } = standings[windows.indexOf(refusedBy)]!;
    throw rateLimited(refusedBy, resetSeconds);
  }

  #ownOf(windows: readonly RateWindow[]): OwnWindows {
    let own = this.#own.get(windows);
    if (own === undefined) {
      const mine = windows.filter(({ isShared }) => isShared !== true);
      own = { count: mine.length, policy: rateLimitPolicyValue(mine) };
      this.#own.set(windows, own);
    }
    return own;
  }
}
