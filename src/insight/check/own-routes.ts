import findMyWay, { type HTTPMethod, type HTTPVersion, type Instance } from 'find-my-way';
import { METHODS } from 'node:http';
import { type DeclaredRoute, templateOf } from '../../access/routes/declared-routes.js';
import type { RoutePolicy } from '../../access/routes/route-policy.js';
import type { AppError } from '../../core/errors/app-error.js';
import { coreErrors } from '../../core/errors/core-errors.js';
import { ROUTER_OPTIONS } from '../../core/http/router-options.js';

/** A route of this server that a request takes. */
export interface OwnRoute {
  /** `/contacts/{id}` */
  readonly template: string;
  readonly policy: RoutePolicy;
  readonly parameters: Readonly<Record<string, string | undefined>>;
}

interface Stored {
  readonly template: string;
  readonly policy: RoutePolicy;
}

/** Finds routes of this server by the path of a request, as its router does. */
export class OwnRoutes {
  #router: Instance<HTTPVersion.V1> | undefined;
  readonly #methods = new Set<HTTPMethod>();

  /** @param routes read at the first use, when the server has all its controllers */
  constructor(private readonly routes: () => readonly DeclaredRoute[]) {}

  /** @returns route_not_found (404), method_not_allowed (405) or malformed_url (400) where no route takes the request */
  find(method: string, path: string): OwnRoute | AppError {
    const router = (this.#router ??= this.#build());
    try {
      // The router decodes the path again for each method.
      decodeURI(path.split('?', 1)[0]!);
    } catch {
      return coreErrors.malformed_url();
    }
    const found = routeIn(router, method, path);
    if (found !== undefined) return found;
    const allowed = [...this.#methods].filter((other) => routeIn(router, other, path) !== undefined).toSorted();
    if (allowed.length === 0) return coreErrors.route_not_found();
    return coreErrors.method_not_allowed({ method, allowed: allowed.join(', ') });
  }

  #build(): Instance<HTTPVersion.V1> {
    const router = findMyWay({ ...ROUTER_OPTIONS, onBadUrl: () => undefined });
    const add = (method: HTTPMethod, path: string, stored: Stored) => {
      if (router.findRoute(method, path) !== null) return;
      router.on(method, path, () => undefined, stored);
      this.#methods.add(method);
    };
    const declared = this.routes();
    for (const { method, path, policy } of declared) {
      const stored = { template: templateOf(path), policy: policy! };
      for (const each of method === 'ALL' ? METHODS : [method]) add(each as HTTPMethod, path, stored);
    }
    // Fastify answers HEAD where it answers GET.
    for (const { method, path, policy } of declared) {
      if (method === 'GET') add('HEAD', path, { template: templateOf(path), policy: policy! });
    }
    return router;
  }
}

function routeIn(router: Instance<HTTPVersion.V1>, method: string, path: string): OwnRoute | undefined {
  const found = router.find(method as HTTPMethod, path);
  const stored = found?.store as Stored | undefined;
  return stored && { ...stored, parameters: found!.params };
}
