import { PARAMTYPES_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { QueryReader, queryReaderOfHandler } from './query-reader.js';
import type { Class } from './schema.js';

interface RouteClass {
  readonly controller: Class;
  readonly handlerName: string;
}
interface Argument {
  readonly index: number;
  /** `token` of `@Query('token')`. */
  readonly data?: unknown;
}

/** The DTO that the body of a route is checked against; undefined: it takes none. */
export function bodyDtoOf(route: RouteClass): Class | undefined {
  const [body] = argumentsOf(route, RouteParamtypes.BODY);
  return body && typeAt(route, body);
}

/** The DTO of a handler's whole query string. */
export function queryDtoOf(route: RouteClass): Class | undefined {
  const whole = argumentsOf(route, RouteParamtypes.QUERY).find(({ data }) => data === undefined);
  return whole ? typeAt(route, whole) : queryReaderOf(route)?.dto;
}

/** Query parameters that a handler takes one by one. */
export function queryNamesOf(route: RouteClass): string[] {
  return argumentsOf(route, RouteParamtypes.QUERY).flatMap(({ data }) => (typeof data === 'string' ? [data] : []));
}

function queryReaderOf(route: RouteClass): QueryReader | undefined {
  const handler = (route.controller.prototype as Record<string, object>)[route.handlerName]!;
  const injected = Object.values(allArgumentsOf(route)).map(({ data }) => data);
  return queryReaderOfHandler(handler) ?? injected.find((data) => data instanceof QueryReader);
}

function argumentsOf(route: RouteClass, kind: RouteParamtypes): Argument[] {
  // Nest keeps them by what they are and where: `3:0` is a body that comes first.
  return Object.entries(allArgumentsOf(route)).flatMap(([key, argument]) =>
    key.startsWith(`${kind}:`) ? [argument] : [],
  );
}

function allArgumentsOf({ controller, handlerName }: RouteClass): Readonly<Record<string, Argument>> {
  return (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handlerName) ?? {}) as Record<string, Argument>;
}

function typeAt({ controller, handlerName }: RouteClass, { index }: Argument): Class | undefined {
  const { prototype } = controller as { prototype: object };
  return (Reflect.getMetadata(PARAMTYPES_METADATA, prototype, handlerName) as Class[])[index];
}
