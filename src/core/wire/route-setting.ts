import { RouteConfig } from '@nestjs/platform-fastify';

const settings = new WeakMap<object, object>();

/** Adds to Fastify's config of a route. `RouteConfig` alone would replace what another decorator has set. */
export function RouteSetting(setting: object): MethodDecorator {
  return (target, name, descriptor) => {
    const all = { ...settings.get(descriptor.value as object), ...setting };
    settings.set(descriptor.value as object, all);
    RouteConfig(all)(target, name, descriptor);
  };
}
