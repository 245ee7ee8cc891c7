import type { ServiceRoute } from '../api/wire';

/** The routes that have every word of the search in their methods, path, need or reason. */
export function matchingRoutes(routes: readonly ServiceRoute[], search: string): readonly ServiceRoute[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return routes;
  return routes.filter((route) => {
    const text = textOf(route);
    return words.every((word) => text.includes(word));
  });
}

function textOf({ methods, path, needs, reason = '' }: ServiceRoute): string {
  return `${methods.join(' ')} ${path} ${NEEDS[needs] ?? needs} ${reason}`.toLowerCase();
}

/** The labels of needs that are no scope. */
export const NEEDS: Readonly<Record<string, string>> = { 'any-key': 'Any key', public: 'Public' };
