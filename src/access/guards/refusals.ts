import { type CanActivate, type ExecutionContext, Inject, Injectable, type Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../../core/errors/app-error.js';
import { AuthenticationFailure, type RefusedCredential } from '../credentials/authentication-failure.js';
import {
  type DecidingGuard,
  guardOfReason,
  reasonMessage,
  reasonOfCode,
  type RefusalReason,
  reasonTemplate,
} from '../errors/refusal-reasons.js';

/** What is known about a refusal, for those who manage the key. The refused caller gets the error only. */
export interface Refusal {
  readonly guard: DecidingGuard;
  readonly reason: RefusalReason;
  /** One sentence. */
  readonly message: string;
  /** Of a known credential that authentication refused. */
  readonly credential?: RefusedCredential;
}

/** The one counter of refused requests: `/metrics` reads `counts`, and each key's usage gets its own. */
@Injectable()
export class Refusals {
  /** Requests by guard, then by error code. */
  readonly counts = new Map<string, Map<string, number>>();
  readonly #guards = new WeakMap<AppError, DecidingGuard>();

  /** Called with every error that is answered. */
  count(error: AppError, { principal }: Pick<FastifyRequest, 'principal'>): void {
    if (error.definition.isRefusal) countUsage(error, principal);
    const guard = this.#guards.get(error);
    if (guard === undefined) return;
    let codes = this.counts.get(guard);
    if (codes === undefined) this.counts.set(guard, (codes = new Map()));
    codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
  }

  /** Remembers which guard threw an error. Faults, which are no AppErrors, are not refusals. */
  attribute(error: unknown, guard: DecidingGuard): void {
    if (error instanceof AppError) this.#guards.set(error, guard);
  }

  /** Undefined: the error refuses no access, such as a fault or a validation error. */
  of(error: AppError): Refusal | undefined {
    const reason = reasonOf(error);
    if (reason === undefined) return undefined;
    const credential = failureOf(error)?.credential;
    return {
      guard: this.#guards.get(error) ?? guardOfReason(reason),
      reason,
      // The public message has its parameters filled in.
      message: reasonTemplate(reason) === error.definition.message ? error.message : reasonMessage(reason),
      ...(credential !== undefined && { credential }),
    };
  }
}

function countUsage(error: AppError, principal: FastifyRequest['principal']): void {
  const reason = reasonOf(error);
  if (reason === undefined) return;
  if (principal !== null) principal.usage?.countRefusal(reason);
  else failureOf(error)?.usage?.countRejection(Date.now(), reason);
}

function failureOf({ details: { internal } }: AppError): AuthenticationFailure | undefined {
  return internal instanceof AuthenticationFailure ? internal : undefined;
}

function reasonOf(error: AppError): RefusalReason | undefined {
  return failureOf(error)?.reason ?? reasonOfCode(error.code);
}

/** The same guard; its refusals are counted under its name. */
export function counted(guard: Type<CanActivate>): Type<CanActivate> {
  const name = guard.name.replace(/Guard$/, '') as DecidingGuard;

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
