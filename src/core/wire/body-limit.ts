import { RouteConfig } from '@nestjs/platform-fastify';

const BODY_BYTES_MAX = 1024 * 1024;

/** Sets the size limit of JSON bodies of a route. Default: 1 MiB. */
export function LimitsBody(bytesMax: number): MethodDecorator {
  return RouteConfig({ bodyBytesMax: bytesMax });
}

/** @param config of the route, as Fastify has it */
export function bodyBytesMaxOf(config: object): number {
  return (config as { bodyBytesMax?: number }).bodyBytesMax ?? BODY_BYTES_MAX;
}
