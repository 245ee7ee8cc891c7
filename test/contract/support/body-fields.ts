import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import type { Class } from '../../../src/core/wire/schema.js';

type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** A field of a body, at any depth. */
export interface BodyField {
  /** The name without its parents. */
  readonly name: string;
  /** Whether the value is a single nested object. */
  readonly isObject: boolean;
  /** Equal for fields with the same name and validation rules. */
  readonly rules: string;
  /** A body with the JSON text in this field, and no other fields. */
  bodyWith(json: string): string;
}

/** Every field with validation rules, including those of nested DTOs. */
export function fieldsOf(dto: Class): BodyField[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))].flatMap((name) => {
    const bodyWith = (json: string) => `{${JSON.stringify(name)}:${json}}`;
    const nested = nestedDto(dto, name);
    const own = rules.filter(({ propertyName }) => propertyName === name).map(written);
    const field = { name, rules: JSON.stringify([name, nested?.isList, own]), bodyWith };
    if (nested === undefined) return [{ ...field, isObject: false }];
    const wrap = nested.isList ? (json: string) => bodyWith(`[${json}]`) : bodyWith;
    const inner = fieldsOf(nested.dto).map((each) => ({
      ...each,
      bodyWith: (json: string) => wrap(each.bodyWith(json)),
    }));
    return [{ ...field, isObject: !nested.isList }, ...inner];
  });
}

/** A rule and its bounds, independent of the class that declares it. */
function written({ type, name, each, constraints = [], context }: Rule): unknown[] {
  return [type, name, each, constraints.map(String), context];
}

/** The nested DTO of a field. Calls class-transformer, because its list of types is not public. */
function nestedDto(dto: Class, name: string): { dto: Class; isList: boolean } | undefined {
  const isDto = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && value.constructor !== Object;
  const made = (plain: unknown) =>
    (plainToInstance(dto as new () => object, { [name]: plain }) as Record<string, unknown>)[name];
  const one = made({});
  if (!isDto(one)) return undefined;
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const isList = rules.some(({ propertyName, each }) => propertyName === name && each);
  return { dto: one.constructor as Class, isList };
}
