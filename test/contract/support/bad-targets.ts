import { parametersIn } from '../../../src/access/routes/declared-routes.js';
import { concretePath, type ServedRoute } from './served-routes.js';

/** Percent-encoded path segments, by description. */
const BAD_SEGMENTS: Readonly<Record<string, string>> = {
  'a NUL': '%00',
  'a byte that is no UTF-8': '%ff',
  'a slash': '%2F',
  'half an escape': '%',
  'no escape': '%zz',
  'an encoded surrogate': '%ED%A0%80',
  'a way up': '..%2f..%2forg',
  dots: '%2e%2e',
  'a quote': "'%20OR%201=1--",
  'a line break': 'x%0d%0aSet-Cookie:%20a=b',
  'a lot of text': 'x'.repeat(1_025),
  'a whole URL of it': 'x'.repeat(20_000),
  'the name of a method': '__proto__',
};

/** A path parameter of a route, or the end of a path without parameters. */
export interface Segment {
  readonly route: ServedRoute;
  readonly parameter: string | undefined;
}

export function segmentsOf(route: ServedRoute): Segment[] {
  const names: (string | undefined)[] = parametersIn(route.path);
  return (names.length === 0 ? [undefined] : names).map((parameter) => ({ route, parameter }));
}

/** The path of the route with each bad segment at that place, by description. */
export function badPathsOf({ route, parameter }: Segment, known: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(BAD_SEGMENTS).map(([what, text]) =>
    parameter === undefined
      ? [`${what} after it`, `${route.path}/${text}`]
      : [`${what} as ${parameter}`, concretePath(route.path, { ...known, [parameter]: text })],
  );
}

/** Query strings that no list accepts. */
export const BAD_QUERIES: readonly string[] = [
  'limit=1e9',
  'limit=-1',
  'limit=0',
  'limit=101',
  'limit=',
  'limit=abc',
  'limit=1.5',
  'limit=0x10',
  'limit=9007199254740993',
  'limit=%00',
  'limit=%ff',
  'limit=%',
  'limit=1&limit=2',
  'limit[]=1',
  'limit[a]=1',
  'cursor=',
  'cursor=abc',
  'cursor=%00',
  'cursor=%ff',
  `cursor=${'A'.repeat(300)}`,
  'cursor=AAAAAAAAAAAAAAAAAAAA-+',
  'cursor=AAAAAAAAAAAAAAAAAAAAAB',
  'cursor=AZyiAAAAcACAAAAAAAAAAA&cursor=AZyiAAAAcACAAAAAAAAAAA',
  'no_such_parameter=1',
  '__proto__=1',
  '__proto__[a]=1',
  'constructor=1',
  'toString=1',
  '%00=1',
  '%ff=1',
  '%ED%A0%80=1',
  '=1',
  Array.from({ length: 1_000 }, (_, index) => `p${index}=1`).join('&'),
];
