import type { IncomingHttpHeaders } from 'node:http';
import { accessErrors } from '../errors/access.errors.js';
import { headerOf } from '../../core/http/header-of.js';

interface WithHeaders {
  readonly headers: IncomingHttpHeaders;
}

/** Lower case, as in Fastify's headers. */
export const PAGE_ORG_HEADER = 'x-gatehouse-org';

/**
 * Prevents cross-site request forgery. A browser sends the session cookie with every request, but a foreign page can't
 * set this header without a preflight, and the server's preflight answers don't allow it.
 */
export class OwnOrigin {
  readonly #origins: ReadonlySet<string>;

  /** @param urls the URLs of the server's own pages */
  constructor(urls: readonly string[]) {
    this.#origins = new Set(urls.map((url) => new URL(url).origin));
  }

  /** @throws AppError cross_site_request or origin_not_allowed (403) */
  assertSent(request: WithHeaders): void {
    if (headerOf(request, 'x-requested-with') !== 'gatehouse') throw accessErrors.cross_site_request();
    this.assertNotForeign(request);
  }

  /**
   * A page sends the org that it was loaded for, so that a tab of one org never acts in another org that the browser
   * signed in to later. Other clients may omit the header.
   * @throws AppError other_org (409)
   */
  assertPageOf(request: WithHeaders, orgId: string): void {
    const named = headerOf(request, PAGE_ORG_HEADER);
    if (named !== undefined && named !== orgId) throw accessErrors.other_org();
  }

  /** @throws AppError origin_not_allowed (403) when the Origin header names another site */
  assertNotForeign(request: WithHeaders): void {
    const origin = headerOf(request, 'origin');
    if (origin !== undefined && !this.#origins.has(origin)) throw accessErrors.origin_not_allowed();
  }
}
