import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { invalidField } from '../errors/invalid-request.js';
import { queryDtoOf, queryNamesOf } from './request-parts.js';

/**
 * Does the route take this query? One for each route, after the guards that ask who calls: who may not call learns
 * nothing of it. Public pages take whatever mail programs and balancers add to their links.
 */
export class QueryGuard implements CanActivate {
  /** Null: the route has a DTO for its query, which refuses what it doesn't know. Undefined until the first query. */
  #known: ReadonlySet<string> | null | undefined;

  constructor(hasDto: boolean) {
    if (hasDto) this.#known = null;
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.getArgByIndex<FastifyRequest & { readonly principal: object | null }>(0);
    if (this.#known === null || !request.url.includes('?') || request.principal === null) return true;
    const known = (this.#known ??= namesTakenBy(context));
    const unknown = Object.keys(request.query as object).find((name) => known?.has(name) === false);
    if (unknown !== undefined) throw invalidField(unknown, `${unknown} is not a known field`);
    return true;
  }
}

function namesTakenBy(context: ExecutionContext): ReadonlySet<string> | null {
  const route = { controller: context.getClass(), handlerName: context.getHandler().name };
  return queryDtoOf(route) === undefined ? new Set(queryNamesOf(route)) : null;
}
