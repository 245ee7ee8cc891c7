import type { ApiKey, Service, ServiceRoute } from '../api/wire';

/** A request to a service that a key may make. */
export interface FirstCall {
  readonly service: Service;
  readonly method: string;
  /** Without the parameters of the template: `/invoices/ID`. */
  readonly path: string;
}

/**
 * The request to a service that shows best that the key works; undefined if it has no scope of a service, or no route
 * needs its scopes. Prefers GET, then paths without parameters, then the order of the declaration.
 */
export function firstCallOf({ scopes }: Pick<ApiKey, 'scopes'>, services: readonly Service[]): FirstCall | undefined {
  const granted = new Set(scopes);
  for (const service of services) {
    const [best] = service.routes.filter(({ needs }) => granted.has(needs)).toSorted((a, b) => effort(a) - effort(b));
    if (best) return { service, method: methodOf(best), path: examplePath(best.path) };
  }
  return undefined;
}

function effort(route: ServiceRoute): number {
  return (methodOf(route) === 'GET' ? 0 : 2) + (examplePath(route.path) === route.path ? 0 : 1);
}

function methodOf({ methods }: ServiceRoute): string {
  return methods.includes('GET') ? 'GET' : methods[0]!;
}

/** A path that matches the template. Parameters are in capitals, because curl expands braces. */
function examplePath(template: string): string {
  const segments = template.split('/').flatMap((segment) => {
    if (segment === '**') return [];
    if (segment === '*') return ['NAME'];
    return [segment.replace(/^\{(.+)\}$/, (_, name: string) => name.toUpperCase())];
  });
  return segments.join('/') || '/';
}
