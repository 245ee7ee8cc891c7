import type { FastifyInstance } from 'fastify';
import findMyWay, { type HTTPMethod } from 'find-my-way';

/**
 * The methods of each path, for 405 and `Allow` (RFC 9110 section 15.5.6). The server's own router searches only the
 * routes of the request's method, so it can't tell an unknown path from a wrong method.
 */
export class KnownMethods {
  readonly #methods = new Set<HTTPMethod>();
  readonly #router;

  /** @param options must be those of the server's router, so that both parse URLs alike */
  constructor(options: { readonly maxParamLength: number; readonly ignoreTrailingSlash: boolean }) {
    this.#router = findMyWay({ ...options, onBadUrl: () => undefined });
  }

  /** Must run before the first route is registered. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat() as HTTPMethod[]) {
        this.#methods.add(each);
        if (this.#router.findRoute(each, url) === null) this.#router.on(each, url, () => undefined);
      }
    });
  }

  /** Empty for an unknown path. */
  of(url: string): string[] {
    return [...this.#methods].filter((method) => this.#has(method, url)).sort();
  }

  /** The router accepts empty parameters, such as the tag name in `/tags//`. */
  #has(method: HTTPMethod, url: string): boolean {
    const { params } = this.#router.find(method, url) ?? {};
    return params !== undefined && Object.entries(params).every(([name, value]) => name === '*' || value !== '');
  }
}
