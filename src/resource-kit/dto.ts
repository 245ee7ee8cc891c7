import { PickType } from '@nestjs/mapped-types';
import { getMetadataStorage } from 'class-validator';
import { getMetadataArgsStorage } from 'typeorm';
import { Nullable, Optional, QueryInteger } from '../validation/decorators.js';
import { IsCursor } from './cursor.js';
import { classNameOf, named, type ResourceDefinition } from './definition.js';

export type DtoClass<T extends object = object> = new () => T;

/** What a list is asked for, before its filters. */
export interface ListDto {
  readonly limit: number;
  readonly cursor?: string;
}

/** The body of a POST: the entity's own rules; what may be empty or has a default may be left out. */
export function createDtoOf({ path, entity }: ResourceDefinition): DtoClass {
  return bodyOf(
    `Create${classNameOf(path)}Dto`,
    entity,
    (column) => isNullable(column) || column.default !== undefined,
  );
}

/** The body of a PATCH: what is left out stays, null empties what may be empty. */
export function updateDtoOf({ path, entity }: ResourceDefinition): DtoClass {
  return bodyOf(`Update${classNameOf(path)}Dto`, entity, () => true);
}

/** The query of a list: `limit`, `cursor` and the filters. */
export function listDtoOf({ path, filters = {} }: ResourceDefinition): DtoClass<ListDto> {
  class ListQuery {
    @Optional()
    @QueryInteger(1, 100)
    limit: number = 50;

    @Optional()
    @IsCursor()
    cursor?: string;
  }
  for (const [name, { rules }] of Object.entries(filters)) {
    for (const rule of [Optional(), ...rules]) rule(ListQuery.prototype, name);
  }
  return named(`List${classNameOf(path)}Query`, ListQuery);
}

type Column = { readonly nullable?: boolean; readonly default?: unknown };

/** A column is the client's to write when it has rules; all others are the server's own. */
function bodyOf(name: string, entity: DtoClass, mayBeLeftOut: (column: Column) => boolean): DtoClass {
  const rules = getMetadataStorage().getTargetValidationMetadatas(entity, '', false, false);
  const fields = [...new Set(rules.map(({ propertyName }) => propertyName))];
  const columns = new Map(
    getMetadataArgsStorage()
      .filterColumns(lineOf(entity))
      .map(({ propertyName, options }) => [propertyName, options as Column]),
  );
  const dto = PickType(entity, fields as never[]) as DtoClass;
  for (const field of fields) {
    const column = columns.get(field) ?? {};
    if (mayBeLeftOut(column)) Optional()(dto.prototype as object, field);
    if (isNullable(column)) Nullable()(dto.prototype as object, field);
  }
  return named(name, dto);
}

function isNullable(column: Column): boolean {
  return column.nullable === true;
}

/** A class and all that it extends. */
function lineOf(entity: DtoClass): DtoClass[] {
  const parent = Object.getPrototypeOf(entity) as DtoClass;
  return parent.prototype === undefined ? [entity] : [entity, ...lineOf(parent)];
}
