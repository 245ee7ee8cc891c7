import { type CanActivate, type ExecutionContext, Inject, Injectable, type Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../core/errors/app-error.js';

/** The one counter of refused requests: `/metrics` reads `counts`, and each key's usage gets its own. */
@Injectable()
export class Refusals {
  /** Requests by guard, then by error code. */
  readonly counts = new Map<string, Map<string, number>>();
  readonly #guards = new WeakMap<AppError, string>();

  /** Called with every error that is answered. */
  count(error: AppError, { principal }: Pick<FastifyRequest, 'principal'>): void {
    // No principal: the HTTP layer or the first guard refused the request.
    if (error.definition.isRefusal) principal?.usage?.countRefusal();
    const guard = this.#guards.get(error);
    if (guard === undefined) return;
    let codes = this.counts.get(guard);
    if (codes === undefined) this.counts.set(guard, (codes = new Map()));
    codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
  }

  /** Remembers which guard threw an error. Faults, which are no AppErrors, are not refusals. */
  attribute(error: unknown, guard: string): void {
    if (error instanceof AppError) this.#guards.set(error, guard);
  }
}

/** The same guard; its refusals are counted under its name. */
export function counted(guard: Type<CanActivate>): Type<CanActivate> {
  const name = guard.name.replace(/Guard$/, '');

  class CountedGuard extends guard {
    @Inject(Refusals)
    private readonly refusals: Refusals;

    override canActivate(context: ExecutionContext): ReturnType<CanActivate['canActivate']> {
      try {
        const answer = super.canActivate(context);
        return answer instanceof Promise ? answer.catch((error: unknown) => this.#rethrow(error)) : answer;
      } catch (error) {
        return this.#rethrow(error);
      }
    }

    #rethrow(error: unknown): never {
      this.refusals.attribute(error, name);
      throw error;
    }
  }
  return Object.defineProperty(CountedGuard, 'name', { value: guard.name });
}
