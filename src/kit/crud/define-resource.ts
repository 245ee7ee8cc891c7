import { Injectable, type Provider, type Type } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import type { EntityClass } from '../../core/database/data-source.js';
import { classNameOf, named, type Operation, type KeyedRow, type ResourceDefinition } from './definition.js';
import { createDtoOf, rowClassOf, updateDtoOf } from './dto.js';
import { controllerOf } from './resource-controller.js';
import { ResourceService } from './resource-service.js';

/** What the server needs of a resource to have it. */
export interface Resource {
  readonly entities: readonly EntityClass[];
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
  /** Modules of features that it works with. */
  readonly imports?: readonly Type[];
}

type Controller<E extends KeyedRow, Offered extends Operation> = Pick<
  InstanceType<ReturnType<typeof controllerOf<E>>>,
  Offered | 'service' | 'idempotency' | 'settings' | 'auditing'
>;

/**
 * A resource from one definition: list, read, create, update, delete, with their DTOs and scopes. A special one
 * extends `Service` and `Controller` and lists its own classes instead.
 */
export function defineResource<E extends KeyedRow, const Offered extends Operation = Operation>(
  definition: ResourceDefinition<E> & { readonly offers?: readonly Offered[] },
) {
  @Injectable()
  class Service extends ResourceService<E> {
    constructor(database: Database) {
      super(database, definition);
    }
  }
  named(`${classNameOf(definition.path)}Service`, Service);
  const Row = rowClassOf(definition);
  const Controller = controllerOf<E>(definition, Service, Row);
  return {
    entities: [definition.entity],
    controllers: [Controller],
    providers: [Service],
    Service,
    /** What its routes answer. */
    Row,
    /** What they take, for routes that are written by hand. */
    CreateDto: createDtoOf(definition) as new () => Partial<E>,
    UpdateDto: updateDtoOf(definition) as new () => Partial<E>,
    Controller: Controller as unknown as new (service: ResourceService<E>) => Controller<E, Offered>,
  };
}
