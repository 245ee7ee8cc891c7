import type { ServiceRoute } from '../declaration/service-declaration.js';
import { foldedPath } from './folded-path.js';
import { RouteMatcher } from './route-matcher.js';
import { shapeOf, withoutTrailingSlash } from './route-template.js';

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
   *   servers that ignore case or Unicode normalization, that drop a format suffix such as `.json`, or that match before
   *   they decode
   */
  match(method: string, path: string, target?: string): RouteMatch {
    const matcher = this.#matchers.get(method);
    const trimmed = withoutTrailingSlash(path);
    const found = matcher?.find(trimmed);
    if (!matcher || !found) return undefined;
    return matcher.isAmbiguous(found, trimmed, target) ? 'ambiguous' : found.route;
  }
}

/** Routes that can never be told from an earlier one; `index` is the later one's. */
export function routeConflicts(
  routes: readonly ServiceRoute[],
): readonly { readonly index: number; readonly message: string }[] {
  const earlier = new Map<string, ServiceRoute>();
  const earlierFolded = new Map<string, ServiceRoute>();
  return routes.flatMap((route, index) => {
    const shape = shapeOf(route.path);
    const folded = foldedPath(shape);
    for (const method of route.methods) {
      const same = earlier.get(`${method} ${shape}`);
      if (same) {
        const which =
          same.path === route.path ? 'is declared twice' : `matches the same paths as ${method} ${same.path}`;
        return [{ index, message: `${method} ${route.path} ${which}. Remove one of them.` }];
      }
      const similar = earlierFolded.get(`${method} ${folded}`);
      if (similar && similar.needs !== route.needs) {
        const sentence = `${method} ${route.path} and ${method} ${similar.path} differ only in case or Unicode form`;
        return [
          { index, message: `${sentence}, but need ${route.needs} and ${similar.needs}. They must need the same.` },
        ];
      }
    }
    for (const method of route.methods) {
      earlier.set(`${method} ${shape}`, route);
      if (!earlierFolded.has(`${method} ${folded}`)) earlierFolded.set(`${method} ${folded}`, route);
    }
    return [];
  });
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
