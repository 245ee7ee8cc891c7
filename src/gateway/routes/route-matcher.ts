import findMyWay, { type HTTPVersion, type Instance } from 'find-my-way';
import type { ServiceRoute } from './service-route.js';
import { foldedPath } from './folded-path.js';
import { isLiteral, isParameter, segmentsOf, withoutTrailingSlash } from './route-template.js';

/** Above any path that `readRequestPath` accepts. */
const PARAM_CHARACTERS_MAX = 16 * 1024;
/** Characters that find-my-way decodes, or takes for the end of the path. */
const READ_BY_ROUTER = /[%?#]/;
const EACH_READ_BY_ROUTER = /[%?#]/g;
/** The rest of the path is the path for the script (PATH_INFO of CGI). */
const SCRIPT = /\.(?:php|f?cgi|pl|py|aspx?|ashx|jsp)\//;
/** The routes of a matcher are of one method. find-my-way finds those of GET fastest. */
const METHOD = 'GET';
const NO_HANDLER = () => undefined;

/** A route, as one of the paths that it is registered under. */
interface Found {
  readonly route: ServiceRoute;
  /** Whether its last segment is declared as it stands, so that no suffix was meant to be dropped. */
  readonly hasLiteralEnd: boolean;
  readonly matchesRoot: boolean;
}
type Router = Instance<HTTPVersion.V1>;

/** The routes of one method, on find-my-way. Paths are decoded, and never decoded again. */
export class RouteMatcher {
  readonly #exact: Router;
  /** The same routes by folded literals. */
  readonly #folded: Router;

  /** @param routes of two with the same shape, the first is used */
  constructor(routes: readonly ServiceRoute[]) {
    this.#exact = routerOf(routes, (segment) => segment);
    const isFolded = routes.every(({ path }) =>
      segmentsOf(path).every((each) => !isLiteral(each) || foldedPath(each) === each),
    );
    this.#folded = isFolded ? this.#exact : routerOf(routes, foldedPath);
  }

  find(path: string): Found | undefined {
    return findIn(this.#exact, path);
  }

  isAmbiguous(found: Found, path: string, target?: string): boolean {
    const isOther = (reading: string) => {
      const other = findIn(this.#folded, reading);
      return other !== undefined && other.route.needs !== found.route.needs;
    };
    const folded = foldedPath(path);
    if ((folded !== path || this.#folded !== this.#exact) && isOther(folded)) return true;
    if (folded.includes('.') && shorterReadings(folded, found.hasLiteralEnd).some(isOther)) return true;
    const undecoded = target === undefined ? path : undecodedPath(target);
    return undecoded !== path && isOther(foldedPath(undecoded));
  }
}

function findIn(router: Router, path: string): Found | undefined {
  const text = READ_BY_ROUTER.test(path) ? path.replace(EACH_READ_BY_ROUTER, standIn) : path;
  const found = router.find(METHOD, text)?.store as Found | undefined;
  // The router lets a parameter be empty.
  return found && (path !== '/' || found.matchesRoot) ? found : undefined;
}

/** @param form of literals: as they are, or folded */
function routerOf(routes: readonly ServiceRoute[], form: (literal: string) => string): Router {
  const router = findMyWay({ maxParamLength: PARAM_CHARACTERS_MAX, allowUnsafeRegex: true });
  const hasStars = routes.some(({ path }) => segmentsOf(path).includes('*'));
  const known = new Set<string>();
  const register = (segments: readonly string[], route: ServiceRoute) => {
    const pattern = `/${segments.map((segment) => patternOf(segment, form, hasStars)).join('/')}`;
    if (known.has(pattern)) return;
    known.add(pattern);
    const matchesRoot = segments.length === 0 || segments[0] === '**';
    const found: Found = { route, hasLiteralEnd: isLiteral(segments.at(-1)), matchesRoot };
    router.on(METHOD, pattern, NO_HANDLER, found);
  };
  const split = routes.map((route) => ({ route, segments: segmentsOf(route.path) }));
  for (const { route, segments } of split) register(segments, route);
  // The router's wildcard needs the slash before it. A route without `**` goes before.
  for (const { route, segments } of split) if (segments.at(-1) === '**') register(segments.slice(0, -1), route);
  return router;
}

/** A segment as find-my-way writes it. It tries parameters with a pattern first, which puts `{param}` before `*`. */
function patternOf(segment: string, form: (literal: string) => string, hasStars: boolean): string {
  if (segment === '**') return '*';
  if (segment === '*') return ':p';
  if (isParameter(segment)) return hasStars ? ':p([^/]+)' : ':p';
  return form(segment).replace(EACH_READ_BY_ROUTER, standIn).replaceAll(':', '::');
}

/** A control character, which no path has. */
function standIn(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) & 0x1f);
}

/** The paths that frameworks read in a path with a format suffix, or with the script that serves all paths. */
function shorterReadings(path: string, hasLiteralEnd: boolean): string[] {
  const script = SCRIPT.exec(path);
  return [
    ...(hasLiteralEnd ? [] : withoutSuffix(path)),
    ...(script ? [path.slice(script.index + script[0].length - 1)] : []),
  ];
}

/** The path up to the first and up to the last dot of its last segment. */
function withoutSuffix(path: string): string[] {
  const start = path.lastIndexOf('/') + 1;
  const ends = new Set([path.indexOf('.', start), path.lastIndexOf('.')]);
  return [...ends].filter((end) => end > start).map((end) => path.slice(0, end));
}

/** The path as servers see it that match before they decode, such as Express. */
function undecodedPath(target: string): string {
  const queryAt = target.indexOf('?');
  return withoutTrailingSlash(queryAt === -1 ? target : target.slice(0, queryAt));
}
