import type { AppError } from '../../core/errors/app-error.js';
import { limitingShared } from './limiting-windows.js';
import { rateLimited } from './rate-limited.js';
import { rateLimitPolicyValue, type RateStanding, rateLimitValue } from './rate-limit-headers.js';
import type { RateLimitStorage } from './rate-limit-storage.js';
import type { Charge, RateWindow } from './rate-window.js';

/** The result of charging a request, as its caller may see it. */
export interface Charged {
  /** The value of `RateLimit-Policy`; empty: the caller has no limits. */
  readonly policy: string;
  /** The value of `RateLimit`. */
  readonly value: string;
  readonly windows: readonly RateWindow[];
  readonly charge: Charge;
  /** rate_limited (429), when a window is full. */
  readonly refusal: AppError | undefined;
}

/** The windows of one caller only; they come first. */
interface OwnWindows {
  readonly count: number;
  readonly policy: string;
}

const UNLIMITED: Charged = {
  policy: '',
  value: '',
  windows: [],
  charge: { standings: [], refusedBy: undefined },
  refusal: undefined,
};

/** The windows that the two headers show, with the caller's state in each. */
export function shownWindows({ windows, charge }: Charged): { window: RateWindow; standing: RateStanding }[] {
  const limiting = limitingShared(windows, charge);
  return windows.flatMap((window, index) =>
    window.isShared === true && !limiting.includes(index) ? [] : [{ window, standing: charge.standings[index]! }],
  );
}

/** Charges requests to their windows. */
export class RateLimits {
  readonly #own = new WeakMap<readonly RateWindow[], OwnWindows>();

  constructor(private readonly storage: RateLimitStorage) {}

  /** Charges all windows in one step, or none. */
  charge(windows: readonly RateWindow[]): Charged | Promise<Charged> {
    if (windows.length === 0) return UNLIMITED;
    return this.#charged(windows, this.storage.charge(windows));
  }

  /** As `charge` would find the windows, without counting a request. */
  look(windows: readonly RateWindow[]): Charged | Promise<Charged> {
    if (windows.length === 0) return UNLIMITED;
    return this.#charged(windows, this.storage.look(windows));
  }

  #charged(windows: readonly RateWindow[], charge: Charge | Promise<Charge>): Charged | Promise<Charged> {
    if (charge instanceof Promise) return charge.then((settled) => this.#settle(windows, settled));
    return this.#settle(windows, charge);
  }

  #settle(windows: readonly RateWindow[], charge: Charge): Charged {
    const { standings, refusedBy } = charge;
    const own = this.#ownOf(windows);
    let { policy } = own;
    let value = rateLimitValue(standings, 0, own.count);
    for (const index of limitingShared(windows, charge)) {
      policy += `, ${rateLimitPolicyValue([windows[index]!])}`;
      value += `, ${rateLimitValue(standings, index, index + 1)}`;
    }
    const refusal = refusedBy && rateLimited(refusedBy, standings[windows.indexOf(refusedBy)]!.resetSeconds);
    return { policy, value, windows, charge, refusal };
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
