import { PickType } from '@nestjs/mapped-types';
import { getMetadataStorage } from 'class-validator';
import { getMetadataArgsStorage } from 'typeorm';
import { MetadataUtils } from 'typeorm/metadata-builder/MetadataUtils.js';
import type { EntityClass } from '../../core/database/data-source.js';
import { Nullable, Optional } from '../../core/validation/decorators.js';
import { RequiresValueOf } from '../../core/validation/field-groups.js';
import { About, descriptionOf, Field } from '../../core/wire/field.js';
import { named, type ResourceDefinition } from './definition.js';

/** The body of a POST: the entity's own rules; what may be empty or has a default may be left out. */
export function createDtoOf({ entity, requiresValueOf }: ResourceDefinition): EntityClass {
  const dto = bodyOf(entity, ({ nullable, default: preset }) => nullable === true || preset !== undefined);
  if (requiresValueOf !== undefined) RequiresValueOf(...requiresValueOf)(dto);
  return named(`Create${entity.name}Dto`, dto);
}

/** The body of a PATCH: what is left out stays, null empties what may be empty. */
export function updateDtoOf({ entity }: ResourceDefinition): EntityClass {
  return named(
    `Update${entity.name}Dto`,
    bodyOf(entity, () => true),
  );
}

/** What every route of a resource answers: the row, with its computed fields. */
export function rowClassOf({ entity, computed }: ResourceDefinition): EntityClass {
  if (computed === undefined) return entity;
  const row = class extends entity {};
  for (const [name, { shape }] of Object.entries(computed)) Field(shape)(row.prototype, name);
  return named(entity.name, row);
}

type Column = { readonly nullable?: boolean; readonly default?: unknown };

/** A column is the client's to write when it has rules; all others are the server's own. */
function bodyOf(entity: EntityClass, mayBeLeftOut: (column: Column) => boolean): EntityClass {
  const rules = getMetadataStorage().getTargetValidationMetadatas(entity, '', false, false);
  const fields = [...new Set(rules.map(({ propertyName }) => propertyName))];
  const columns = getMetadataArgsStorage().filterColumns(MetadataUtils.getInheritanceTree(entity));
  const dto = PickType(entity, fields as never[]) as EntityClass;
  for (const field of fields) {
    const column: Column = columns.find(({ propertyName }) => propertyName === field)?.options ?? {};
    if (mayBeLeftOut(column)) Optional()(dto.prototype as object, field);
    if (column.nullable) Nullable()(dto.prototype as object, field);
    const sentence = descriptionOf(entity, field);
    if (sentence !== undefined) About(sentence)(dto.prototype as object, field);
  }
  return dto;
}
