import { AuthenticationFailure } from '../../access/credentials/authentication-failure.js';
import { unauthorized } from '../../access/credentials/unauthorized.js';
import type { Decision } from '../../access/decision/decisions.js';
import type { Needs } from '../../access/decision/needs.js';
import type { AppError } from '../../core/errors/app-error.js';
import { doorErrors } from './doors.errors.js';
import type { ServiceRoute } from '../declaration/service-declaration.js';
import { readRequestPath } from '../routes/request-path.js';
import type { GuardedService } from '../services/service-directory.js';

const PATH_CHARACTERS_MAX = 200;
const METHOD_CHARACTERS_MAX = 20;

/** What a request to a service needs; public: it passes without authentication. */
export type ServiceNeeds = Needs | 'public';

/**
 * @param scopes all of them; none: any key passes
 * @param route the template of the route that matched, if there is one
 */
export function needsOf(service: GuardedService, scopes: readonly string[], route: string | null = null): Needs {
  const target = { service: service.slug, route };
  return { audience: scopes.length > 0 ? 'scoped-key' : 'any-key', scopes, service, target };
}

const SUSPENDED = new AuthenticationFailure('service_suspended');

/** The decision on every request to a suspended service, to its public routes too; undefined: it is not suspended. */
export function decisionIfSuspended({ isSuspended }: GuardedService): Decision | undefined {
  if (!isSuspended) return undefined;
  return { refusal: { error: unauthorized('any-key', true, SUSPENDED), by: 'Authentication' } };
}

const needsByRoute = new WeakMap<GuardedService, WeakMap<ServiceRoute, ServiceNeeds>>();

/**
 * The route that takes a request.
 * @param target the path as the client sent it, with or without a query
 * @returns ambiguous_path (400) or no_route (403) where no route may answer it
 */
export function matchingRoute(service: GuardedService, method: string, target: string): ServiceRoute | AppError {
  const path = readRequestPath(target);
  if (path === undefined) return doorErrors.ambiguous_path();
  const route = service.routes.match(method, path, target);
  if (route === 'ambiguous') return doorErrors.ambiguous_path();
  if (route !== undefined) return route;
  const shown = { method: method.slice(0, METHOD_CHARACTERS_MAX), path: shownPath(path) };
  return doorErrors.no_route({ service: service.slug, ...shown });
}

/** What a route of the service needs. */
export function needsOfRoute(service: GuardedService, route: ServiceRoute): ServiceNeeds {
  let known = needsByRoute.get(service);
  if (known === undefined) needsByRoute.set(service, (known = new WeakMap()));
  let needs = known.get(route);
  if (needs === undefined) {
    needs =
      route.needs === 'public'
        ? 'public'
        : needsOf(service, route.needs === 'any-key' ? [] : [route.needs], route.path);
    known.set(route, needs);
  }
  return needs;
}

function shownPath(path: string): string {
  return path.length > PATH_CHARACTERS_MAX ? `${path.slice(0, PATH_CHARACTERS_MAX).toWellFormed()}…` : path;
}
