import type { FastifyRequest } from 'fastify';
import { AppError } from '../errors/app-error.js';
import { headerOf } from './request.js';

/**
 * Cross-site request forgery: a browser sends the session cookie by itself, but lets no foreign page set this header
 * without a preflight, and those that we answer don't allow it.
 */
export class OwnOrigin {
  readonly #origins: ReadonlySet<string>;

  /** @param urls that our own pages are served from */
  constructor(urls: readonly string[]) {
    this.#origins = new Set(urls.map((url) => new URL(url).origin));
  }

  /** @throws AppError cross_site_request or origin_not_allowed (403) */
  assertSent(request: FastifyRequest): void {
    if (headerOf(request, 'x-requested-with') !== 'gatehouse') throw new AppError('cross_site_request');
    this.assertNotForeign(request);
  }

  /** @throws AppError origin_not_allowed (403) when a browser says that another site's page sent it */
  assertNotForeign(request: FastifyRequest): void {
    const origin = headerOf(request, 'origin');
    if (origin !== undefined && !this.#origins.has(origin)) throw new AppError('origin_not_allowed');
  }
}
