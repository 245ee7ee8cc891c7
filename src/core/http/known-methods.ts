import type { FastifyInstance } from 'fastify';
import findMyWay, { type HTTPMethod } from 'find-my-way';

/**
 * Which methods each path takes, for 405 and its `Allow` (RFC 9110 section 15.5.6). The server's own router looks only
 * among the routes of the request's method, and doesn't tell an unknown path from another method.
 */
export class KnownMethods {
  readonly #methods = new Set<HTTPMethod>();
  readonly #router;

  /** @param options that the server's router has, so that both read a URL alike */
  constructor(options: { readonly maxParamLength: number; readonly ignoreTrailingSlash: boolean }) {
    this.#router = findMyWay({ ...options, onBadUrl: () => undefined });
  }

  /** Before any route is made. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat() as HTTPMethod[]) {
        this.#methods.add(each);
        if (this.#router.findRoute(each, url) === null) this.#router.on(each, url, () => undefined);
      }
    });
  }

  /** None: the path is unknown. */
  of(url: string): string[] {
    return [...this.#methods].filter((method) => this.#has(method, url)).sort();
  }

  /** The router lets a parameter be empty: `/tags//` would be a tag without a name. */
  #has(method: HTTPMethod, url: string): boolean {
    const { params } = this.#router.find(method, url) ?? {};
    return params !== undefined && Object.entries(params).every(([name, value]) => name === '*' || value !== '');
  }
}
