import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { invalidField } from '../errors/invalid-request.js';
import { queryDtoOf, queryNamesOf } from './request-parts.js';

type Handler = object;

/**
 * Refuses query parameters that the route doesn't take. The last guard of each route that isn't public, so that only
 * callers with access learn of them. Public pages ignore what mail programs and balancers add to their links.
 */
export class UnknownQueryGuard implements CanActivate {
  /** Null: the route checks its whole query by a DTO. */
  readonly #namesByRoute = new WeakMap<Handler, ReadonlySet<string> | null>();

  canActivate(context: ExecutionContext): boolean {
    const request = context.getArgByIndex<FastifyRequest>(0);
    if (!request.url.includes('?')) return true;
    const names = this.#namesTakenBy(context);
    const unknown = names && Object.keys(request.query as object).find((name) => !names.has(name));
    if (typeof unknown === 'string') throw invalidField(unknown, `${unknown} is not a known field`);
    return true;
  }

  #namesTakenBy(context: ExecutionContext): ReadonlySet<string> | null {
    const handler = context.getHandler();
    let names = this.#namesByRoute.get(handler);
    if (names === undefined) {
      const route = { controller: context.getClass(), handlerName: handler.name };
      names = queryDtoOf(route) === undefined ? new Set(queryNamesOf(route)) : null;
      this.#namesByRoute.set(handler, names);
    }
    return names;
  }
}
