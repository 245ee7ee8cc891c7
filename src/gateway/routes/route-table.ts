import type { ServiceRoute } from './service-route.js';
import { foldedPath } from './folded-path.js';
import { RouteMatcher } from './route-matcher.js';
import { shapeOf, withoutTrailingSlash } from './route-template.js';

const SHOWN_CHARACTERS_MAX = 80;

export type RouteMatch = ServiceRoute | 'ambiguous' | undefined;

/**
 * Finds the route of a request. At the leftmost segment that differs, a literal wins over `{param}`, over `*`, over `**`.
 * A trailing slash is ignored. HEAD follows GET unless a route of the same shape names HEAD.
 */
export class RouteTable {
  readonly #matchers: ReadonlyMap<string, RouteMatcher>;

  /** @param routes without conflicts (`routeConflicts`); of two equal ones the first is used */
  constructor(routes: readonly ServiceRoute[]) {
    this.#matchers = matchersOf(routes);
  }

  /**
   * @param path from `readRequestPath`
   * @param target the request's target, if known: shows which characters were percent-encoded
   * @returns `ambiguous` if servers differ in which route the path takes, and these routes need different things:
   *   servers that ignore case or Unicode normalization, that drop a format suffix such as `.json` or a script such as
   *   `index.php`, or that match before they decode
   */
  match(method: string, path: string, target?: string): RouteMatch {
    const matcher = this.#matchers.get(method);
    const trimmed = withoutTrailingSlash(path);
    const found = matcher?.find(trimmed);
    if (!matcher || !found) return undefined;
    return matcher.isAmbiguous(found, trimmed, target) ? 'ambiguous' : found.route;
  }
}

export interface RouteConflict {
  /** Of the later route. */
  readonly index: number;
  readonly earlier: number;
  readonly message: string;
}

/** Finds routes that can't be told from an earlier one, or whose paths would always be ambiguous because of it. */
export function routeConflicts(routes: readonly ServiceRoute[]): readonly RouteConflict[] {
  const byShape = new Map<string, number>();
  const byFoldedShape = new Map<string, number>();
  return routes.flatMap((route, index) => {
    const shape = shapeOf(route.path);
    const folded = foldedPath(shape);
    for (const method of route.methods) {
      const same = byShape.get(`${method} ${shape}`);
      if (same !== undefined) return [{ index, earlier: same, message: describeSame(method, route, routes[same]!) }];
      const similar = byFoldedShape.get(`${method} ${folded}`);
      if (similar !== undefined && routes[similar]!.needs !== route.needs) {
        return [{ index, earlier: similar, message: describeSimilar(method, route, routes[similar]!) }];
      }
    }
    for (const method of route.methods) {
      byShape.set(`${method} ${shape}`, index);
      if (!byFoldedShape.has(`${method} ${folded}`)) byFoldedShape.set(`${method} ${folded}`, index);
    }
    return [];
  });
}

function describeSame(method: string, route: ServiceRoute, earlier: ServiceRoute): string {
  const isTwice = earlier.path === route.path;
  const which = isTwice ? 'is declared twice' : `matches the same paths as ${method} ${shown(earlier.path)}`;
  return `${method} ${shown(route.path)} ${which}. Remove one of them.`;
}

function describeSimilar(method: string, route: ServiceRoute, earlier: ServiceRoute): string {
  const both = `${method} ${shown(route.path)} and ${method} ${shown(earlier.path)}`;
  return `${both} differ only in case or Unicode form, so both must need ${earlier.needs} or both ${route.needs}.`;
}

function shown(path: string): string {
  return path.length > SHOWN_CHARACTERS_MAX ? `${path.slice(0, SHOWN_CHARACTERS_MAX)}…` : path;
}

/** Methods with the same routes share a matcher. */
function matchersOf(routes: readonly ServiceRoute[]): Map<string, RouteMatcher> {
  const byMethod = new Map<string, ServiceRoute[]>();
  for (const route of routes) {
    for (const method of route.methods) {
      const list = byMethod.get(method);
      if (list) list.push(route);
      else byMethod.set(method, [route]);
    }
  }
  const get = byMethod.get('GET');
  // Its own come first: of two with the same shape, the matcher uses the first.
  if (get) byMethod.set('HEAD', [...(byMethod.get('HEAD') ?? []), ...get]);
  const made: { readonly list: readonly ServiceRoute[]; readonly matcher: RouteMatcher }[] = [];
  const shared = (list: readonly ServiceRoute[]) => {
    const known = made.find((each) => isSameList(each.list, list));
    if (known) return known.matcher;
    const matcher = new RouteMatcher(list);
    made.push({ list, matcher });
    return matcher;
  };
  return new Map([...byMethod].map(([method, list]) => [method, shared(list)]));
}

function isSameList(one: readonly ServiceRoute[], other: readonly ServiceRoute[]): boolean {
  return one.length === other.length && one.every((route, index) => route === other[index]);
}
