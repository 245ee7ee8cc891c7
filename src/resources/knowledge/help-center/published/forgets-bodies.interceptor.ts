import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { finalize, type Observable } from 'rxjs';
import { RecentBodies } from './recent-bodies.js';

/** After a write, readers of this process get the new state at once. Other processes may show the old one for seconds. */
@Injectable()
export class ForgetsBodies implements NestInterceptor {
  constructor(private readonly recent: RecentBodies) {}

  /** Around the handler and its transaction, so that nothing is read again before COMMIT. */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getArgByIndex<FastifyRequest>(0).method === 'GET') return next.handle();
    return next.handle().pipe(finalize(() => this.recent.forget()));
  }
}
