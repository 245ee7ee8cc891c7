import type { FastifyRequest } from 'fastify';
import { accessErrors } from '../access.errors.js';
import { headerOf } from '../../core/http/header-of.js';

/** Lower case, as Fastify has it. */
export const PAGE_ORG_HEADER = 'x-gatehouse-org';

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
    if (headerOf(request, 'x-requested-with') !== 'gatehouse') throw accessErrors.cross_site_request();
    this.assertNotForeign(request);
  }

  /**
   * A page names the org that it was loaded for, so that a tab of one org never acts in another that the browser has
   * signed in to since. Clients that aren't pages may leave the header out.
   * @throws AppError other_org (409)
   */
  assertPageOf(request: FastifyRequest, orgId: string): void {
    const named = headerOf(request, PAGE_ORG_HEADER);
    if (named !== undefined && named !== orgId) throw accessErrors.other_org();
  }

  /** @throws AppError origin_not_allowed (403) when a browser says that another site's page sent it */
  assertNotForeign(request: FastifyRequest): void {
    const origin = headerOf(request, 'origin');
    if (origin !== undefined && !this.#origins.has(origin)) throw accessErrors.origin_not_allowed();
  }
}
