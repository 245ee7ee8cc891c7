import { PickType } from '@nestjs/mapped-types';
import { getMetadataStorage } from 'class-validator';
import { getMetadataArgsStorage } from 'typeorm';
import { MetadataUtils } from 'typeorm/metadata-builder/MetadataUtils.js';
import type { EntityClass } from '../../core/database/data-source.js';
import { Nullable, Optional } from '../../core/validation/decorators.js';
import { RequiresValueOf } from '../../core/validation/field-groups.js';
import { About, descriptionOf, Field } from '../../core/wire/field.js';
import { named, type ResourceDefinition } from './definition.js';

const createDtos = new WeakMap<ResourceDefinition, EntityClass>();

/**
 * Returns the body class of POST, made from the entity's rules, once per definition. Nullable columns and those with a
 * default are optional.
 */
export function createDtoOf(definition: ResourceDefinition): EntityClass {
  const known = createDtos.get(definition);
  if (known !== undefined) return known;
  const { entity, requiresValueOf } = definition;
  const dto = bodyOf(entity, ({ nullable, default: preset }) => nullable === true || preset !== undefined);
  if (requiresValueOf !== undefined) RequiresValueOf(...requiresValueOf)(dto);
  createDtos.set(definition, named(`Create${entity.name}Dto`, dto));
  return dto;
}

/** Creates the body class of PATCH (or of a PUT that works like it). Absent fields stay unchanged; null clears nullable columns. */
export function updateDtoOf({ entity }: ResourceDefinition, verb = 'Update'): EntityClass {
  return named(
    `${verb}${entity.name}Dto`,
    bodyOf(entity, () => true),
  );
}

/** Creates the response class: the row with its computed fields. */
export function rowClassOf({ entity, computed }: ResourceDefinition): EntityClass {
  if (computed === undefined) return entity;
  const row = class extends entity {};
  for (const [name, { shape }] of Object.entries(computed)) Field(shape)(row.prototype, name);
  return named(entity.name, row);
}

type Column = { readonly nullable?: boolean; readonly default?: unknown };

/** Clients can write the columns with validation rules. The server sets all others. */
function bodyOf(entity: EntityClass, isOptional: (column: Column) => boolean): EntityClass {
  const rules = getMetadataStorage().getTargetValidationMetadatas(entity, '', false, false);
  const fields = [...new Set(rules.map(({ propertyName }) => propertyName))];
  const columns = getMetadataArgsStorage().filterColumns(MetadataUtils.getInheritanceTree(entity));
  const dto = PickType(entity, fields as never[]) as EntityClass;
  for (const field of fields) {
    const column: Column = columns.find(({ propertyName }) => propertyName === field)?.options ?? {};
    if (isOptional(column)) Optional()(dto.prototype as object, field);
    if (column.nullable) Nullable()(dto.prototype as object, field);
    const description = descriptionOf(entity, field);
    if (description !== undefined) About(description.sentence, description)(dto.prototype as object, field);
  }
  return dto;
}
