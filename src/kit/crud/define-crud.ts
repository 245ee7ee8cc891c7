import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.js';
import { classNameOf, named, type KeyedRow, type ResourceDefinition } from './definition.js';
import { createDtoOf, rowClassOf, updateDtoOf } from './dto.js';
import { controllerOf } from './resource-controller.js';
import { ResourceService } from './resource-service.js';

/** Generates base classes for resources with their own service or controller. */
export function defineCrud<E extends KeyedRow>(definition: ResourceDefinition<E>) {
  const Service = serviceOf(definition);
  const Row = rowClassOf(definition);
  const Controller = controllerOf<E>(definition, Service, Row);
  return {
    definition,
    Service,
    /** The response of its routes. */
    Row,
    /** The request bodies, for hand-written routes. */
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
