import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ServiceRoute } from './service-route.js';
import { RouteTable, routeConflicts } from './route-table.js';

const SEGMENT = fc.constantFrom('a', 'b', 'ab', 'B', 'a.b', 'a:', '{x}', '{y}', '*');
const TEMPLATE = fc
  .tuple(fc.array(SEGMENT, { maxLength: 4 }), fc.boolean())
  .map(([segments, isOpen]) => `/${[...segments, ...(isOpen ? ['**'] : [])].join('/')}`);
const ROUTE = fc.record({
  methods: fc.uniqueArray(fc.constantFrom('GET', 'HEAD', 'POST'), { minLength: 1 }),
  path: TEMPLATE,
  needs: fc.constantFrom('x:read', 'x:write', 'public'),
});
const PATH = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'A', 'B', 'a.b', 'b.a', 'c', 'a:', '%', 'é'), { maxLength: 5 })
  .map((segments) => `/${segments.join('/')}`);

it('every route is chosen as a comparison of all templates chooses it', () => {
  fc.assert(
    fc.property(fc.array(ROUTE, { maxLength: 15 }), fc.array(PATH, { minLength: 1, maxLength: 10 }), (some, paths) => {
      const conflicting = new Set(routeConflicts(some).map(({ index }) => index));
      const routes = some.filter((_, index) => !conflicting.has(index));
      const table = new RouteTable(routes);
      const requests = ['GET', 'HEAD', 'POST', 'PUT'].flatMap((method) => paths.map((path) => ({ method, path })));
      const other = requests.filter(
        ({ method, path }) => table.match(method, path) !== reference(routes, method, path),
      );
      expect(other).toEqual([]);
    }),
    { seed: 19, numRuns: 5_000 },
  );
});

/** Compares all routes by the rule of precedence, without a tree. */
function reference(routes: readonly ServiceRoute[], method: string, path: string) {
  const own = routes.filter(({ methods }) => methods.includes(method));
  const inherited = method === 'HEAD' ? routes.filter((route) => route.methods.includes('GET')) : [];
  const named = new Set(own.map((route) => ranksOf(route.path).join('/')));
  const candidates = [...own, ...inherited.filter((route) => !named.has(ranksOf(route.path).join('/')))];
  const found = best(candidates, path, (text) => text);
  if (!found) return undefined;
  const [, end] = /([^/]*)$/.exec(path)!;
  const literalEnd = literalEndOf(found, path) === end && end !== '';
  const cuts = literalEnd ? [] : [end!.indexOf('.'), end!.lastIndexOf('.')].filter((at) => at > 0);
  const readings = [path, ...cuts.map((at) => path.slice(0, path.length - end!.length + at))];
  const others = readings.map((reading) => best(candidates, reading, (text) => text.toLowerCase()));
  return others.some((other) => other && other.needs !== found.needs) ? 'ambiguous' : found;
}

function best(routes: readonly ServiceRoute[], path: string, form: (text: string) => string) {
  const segments = split(form(path));
  return routes.filter((route) => matches(split(route.path), segments, form)).toSorted(bySpecificity)[0];
}

function split(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function matches(template: readonly string[], segments: readonly string[], form: (text: string) => string): boolean {
  const isOpen = template.at(-1) === '**';
  const fixed = isOpen ? template.slice(0, -1) : template;
  if (isOpen ? segments.length < fixed.length : segments.length !== fixed.length) return false;
  return fixed.every((each, index) => each === '*' || each.startsWith('{') || form(each) === segments[index]);
}

/** 0 is the end, then literal, parameter, `*`, `**`. */
function ranksOf(path: string): (number | string)[] {
  return split(path).map((each) => (each.startsWith('{') ? 2 : each === '*' ? 3 : each === '**' ? 4 : each));
}

function bySpecificity(one: ServiceRoute, other: ServiceRoute): number {
  const [ranks, others] = [ranksOf(one.path), ranksOf(other.path)];
  for (let at = 0; at < Math.max(ranks.length, others.length); at++) {
    const [rank, ofOther] = [ranks[at] ?? 0, others[at] ?? 0].map((each) => (typeof each === 'string' ? 1 : each));
    if (rank !== ofOther) return rank! - ofOther!;
  }
  return 0;
}

/** The segment of the template that stands for the last one of the path, if it is a literal. */
function literalEndOf(route: ServiceRoute, path: string): string | undefined {
  const [template, segments] = [split(route.path), split(path)];
  const last = template[segments.length - 1];
  return template.length <= segments.length || template[segments.length] === '**' ? last : undefined;
}
