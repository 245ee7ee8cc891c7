import { type CanActivate, type ExecutionContext, Inject, Injectable, type Type } from '@nestjs/common';
import { AppError } from '../../core/errors/app-error.js';

/** Whom the guards sent away, and why. */
@Injectable()
export class GuardRefusals {
  /** By guard, then by the refusal's code. */
  readonly counts = new Map<string, Map<string, number>>();

  count(guard: string, error: unknown): void {
    // What isn't a refusal is a fault, which the answer's status counts.
    if (!(error instanceof AppError)) return;
    let codes = this.counts.get(guard);
    if (codes === undefined) this.counts.set(guard, (codes = new Map()));
    codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
  }
}

/** The same guard, whose refusals are counted: so that guards ask their one question and know of no metrics. */
export function counted(guard: Type<CanActivate>): Type<CanActivate> {
  const name = guard.name.replace(/Guard$/, '');

  class CountedGuard extends guard {
    @Inject(GuardRefusals)
    private readonly refusals: GuardRefusals;

    override canActivate(context: ExecutionContext): ReturnType<CanActivate['canActivate']> {
      try {
        const answer = super.canActivate(context);
        return answer instanceof Promise ? answer.catch((error: unknown) => this.#rethrow(error)) : answer;
      } catch (error) {
        return this.#rethrow(error);
      }
    }

    #rethrow(error: unknown): never {
      this.refusals.count(name, error);
      throw error;
    }
  }
  return Object.defineProperty(CountedGuard, 'name', { value: guard.name });
}
