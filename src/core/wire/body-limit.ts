import { RouteSetting } from './route-setting.js';

const BODY_BYTES_MAX = 1024 * 1024;

/** Sets the size limit of JSON bodies of a route. Default: 1 MiB. */
export function LimitsBody(bytesMax: number): MethodDecorator {
  return RouteSetting({ bodyBytesMax: bytesMax });
}

/** @param config of the route, as Fastify has it */
export function bodyBytesMaxOf(config: object): number {
  return (config as { bodyBytesMax?: number }).bodyBytesMax ?? BODY_BYTES_MAX;
}
