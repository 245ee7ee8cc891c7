import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { FieldProblem } from '../errors/app-error.js';

type DtoClass = abstract new () => object;

/** The fields that hold DTOs, by name; true for a list of DTOs. */
type NestedFields = ReadonlyMap<string, boolean>;

const known = new WeakMap<DtoClass, NestedFields>();

/**
 * Finds lists in the place of a DTO. class-validator accepts them: it checks the entries of nested lists, and an empty list
 * has none.
 * @param instance of a DTO; its fields may hold anything
 */
export function misplacedLists(instance: object, parent = ''): FieldProblem[] {
  const { constructor } = Object.getPrototypeOf(instance) as object;
  return [...nestedFieldsOf(constructor as DtoClass)].flatMap(([name, isList]) => {
    const field = parent === '' ? name : `${parent}.${name}`;
    const value = (instance as Record<string, unknown>)[name];
    if (!isList && Array.isArray(value)) return [{ field, message: `${field} must be an object` }];
    const items = Array.isArray(value) ? value : [value];
    if (items.some(Array.isArray)) return [{ field, message: `each value in ${field} must be an object` }];
    return items.flatMap((item: unknown, index) =>
      typeof item === 'object' && item !== null ? misplacedLists(item, isList ? `${field}.${index}` : field) : [],
    );
  });
}

/** The fields of a DTO that hold DTOs. */
export function nestedFieldsOf(dto: DtoClass): NestedFields {
  let fields = known.get(dto);
  if (fields === undefined) {
    const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
    const nested = rules.filter(({ type }) => type === ValidationTypes.NESTED_VALIDATION);
    fields = new Map(nested.map(({ propertyName, each }) => [propertyName, each]));
    known.set(dto, fields);
  }
  return fields;
}
