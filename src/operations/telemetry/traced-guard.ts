import type { CanActivate, ExecutionContext, Type } from '@nestjs/common';
import { currentSpan } from './current-span.js';

/** The same guard; the span of the request gets an event with its duration and outcome. */
export function tracedGuard(guard: Type<CanActivate>): Type<CanActivate> {
  class TracedGuard extends guard {
    override canActivate(context: ExecutionContext): ReturnType<CanActivate['canActivate']> {
      const startedAt = performance.now();
      const record = (outcome: 'passed' | 'refused') =>
        currentSpan.getStore()?.addEvent(guard.name, {
          'gatehouse.guard.outcome': outcome,
          'gatehouse.guard.duration_ms': performance.now() - startedAt,
        });
      try {
        const answer = super.canActivate(context);
        if (!(answer instanceof Promise)) {
          record('passed');
          return answer;
        }
        return answer.then(
          (passed) => {
            record('passed');
            return passed;
          },
          (error: unknown) => {
            record('refused');
            throw error;
          },
        );
      } catch (error) {
        record('refused');
        throw error;
      }
    }
  }
  return Object.defineProperty(TracedGuard, 'name', { value: guard.name });
}
