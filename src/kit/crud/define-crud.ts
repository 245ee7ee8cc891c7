import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { classNameOf, named, type KeyedRow, type ResourceDefinition } from './definition.js';
import { createDtoOf, rowClassOf, updateDtoOf } from './dto.js';
import { controllerOf } from './resource-controller.js';
import { ResourceService } from './resource-service.js';

/** The classes of a resource that is special: its own service and controller extend `Service` and `Controller`. */
export function defineCrud<E extends KeyedRow>(definition: ResourceDefinition<E>) {
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
    Controller,
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
