import { Controller } from '@nestjs/common';
import type { EntityClass } from '../../core/database/data-source.js';
import { classNameOf, type KeyedRow, named, OPERATIONS, type ResourceDefinition } from './definition.js';
import type { ResourceService } from './resource-service.js';
import { addRoute, routeOf } from './routes.js';

/** Creates one class per resource, because route policies are stored by handler function. */
export function controllerOf<E extends KeyedRow>(
  definition: ResourceDefinition<E>,
  service: new (...dependencies: never[]) => ResourceService<E>,
  row: EntityClass,
) {
  const { path, offers = OPERATIONS } = definition;

  @Controller(path)
  class ResourceController {
    constructor(readonly service: ResourceService<E>) {}
  }

  Reflect.defineMetadata('design:paramtypes', [service], ResourceController);
  for (const operation of offers)
    addRoute(ResourceController.prototype, operation, routeOf(operation, definition, row));
  return named(`${classNameOf(path)}Controller`, ResourceController);
}
