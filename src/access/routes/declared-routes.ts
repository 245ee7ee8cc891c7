import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner } from '@nestjs/core';
import { policyOf, type RoutePolicy } from './route-policy.js';

/** A route as its controller declares it. */
export interface DeclaredRoute {
  /** `TagsController.list` */
  readonly name: string;
  readonly method: string;
  /** `/tags/:tag_name` */
  readonly path: string;
  readonly controller: Type;
  readonly handlerName: string;
  readonly handler: object;
  readonly policy: RoutePolicy | undefined;
}

/** A parameter, or a colon, which is doubled in a path. */
const PARAMETER = /::|:(\w+)/g;

/** `/tags/{tag_name}` of `/tags/:tag_name`. */
export function templateOf(path: string): string {
  return path.replace(PARAMETER, (_, name: string | undefined) => (name === undefined ? ':' : `{${name}}`));
}

/** The names of the parameters in a path. */
export function parametersIn(path: string): string[] {
  return [...path.matchAll(PARAMETER)].flatMap(([, name]) => name ?? []);
}

export function declaredRoutes(controllers: readonly Type[]): DeclaredRoute[] {
  const scanner = new MetadataScanner();
  return controllers.flatMap((controller) => {
    const prototype = controller.prototype as Record<string, object>;
    return scanner
      .getAllMethodNames(prototype)
      .filter((handlerName) => Reflect.hasMetadata(PATH_METADATA, prototype[handlerName]!))
      .map((handlerName): DeclaredRoute => {
        const handler = prototype[handlerName]!;
        return {
          name: `${controller.name}.${handlerName}`,
          method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod],
          path: pathOf(controller, handler),
          controller,
          handlerName,
          handler,
          policy: policyOf(handler),
        };
      });
  });
}

function pathOf(...targets: readonly object[]): string {
  const parts = targets.flatMap((target) => (Reflect.getMetadata(PATH_METADATA, target) as string).split('/'));
  return `/${parts.filter((part) => part !== '').join('/')}`;
}
