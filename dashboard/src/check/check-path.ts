/** A path that matches the pattern of a route: the check decides by the pattern, whatever the values are. */
export function pathOfRoute(route: string): string {
  return route.replaceAll(/\*\*?/g, 'any').replaceAll(/[{}]/g, '');
}
