import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { classNameOf, named, type Operation, type KeyedRow, type ResourceDefinition } from './definition.js';
import { createDtoOf, rowClassOf, updateDtoOf } from './dto.js';
import { controllerOf } from './resource-controller.js';
import { ResourceService } from './resource-service.js';

type Controller<E extends KeyedRow, Offered extends Operation> = Pick<
  InstanceType<ReturnType<typeof controllerOf<E>>>,
  Offered | 'service' | 'idempotency' | 'settings' | 'auditing'
>;

/** The classes of a resource that is special: its own service and controller extend `Service` and `Controller`. */
export function defineCrud<E extends KeyedRow, const Offered extends Operation = Operation>(
  definition: ResourceDefinition<E> & { readonly offers?: readonly Offered[] },
) {
  const Service = serviceOf(definition);
  const Row = rowClassOf(definition);
  const Controller = controllerOf<E>(definition, Service, Row);
  return {
    definition,
    Service,
    /** What its routes answer. */
    Row,
    /** What they take, for routes that are written by hand. */
    CreateDto: createDtoOf(definition) as new () => Partial<E>,
    UpdateDto: updateDtoOf(definition) as new () => Partial<E>,
    Controller: Controller as unknown as new (service: ResourceService<E>) => Controller<E, Offered>,
  };
}

export function serviceOf<E extends KeyedRow>(definition: ResourceDefinition<E>) {
  @Injectable()
  class Service extends ResourceService<E> {
    constructor(database: Database) {
      super(database, definition);
    }
  }
  return named(`${classNameOf(definition.path)}Service`, Service);
}
