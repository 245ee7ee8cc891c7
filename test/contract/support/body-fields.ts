import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import type { Class } from '../../../src/wire/schema.js';

/** One field of a body, at any depth. */
export interface BodyField {
  /** Its own name, without what it is in. */
  readonly name: string;
  /** Whether it holds one object with fields of its own. */
  readonly isObject: boolean;
  /** A body with that JSON text in this field and nothing else. */
  bodyWith(json: string): string;
}

/** Every field that a DTO has rules for, those of the DTOs in it too. */
export function fieldsOf(dto: Class): BodyField[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))].flatMap((name) => {
    const bodyWith = (json: string) => `{${JSON.stringify(name)}:${json}}`;
    const nested = nestedDto(dto, name);
    if (nested === undefined) return [{ name, isObject: false, bodyWith }];
    const wrap = nested.isList ? (json: string) => bodyWith(`[${json}]`) : bodyWith;
    const inner = fieldsOf(nested.dto).map((field) => ({
      ...field,
      bodyWith: (json: string) => wrap(field.bodyWith(json)),
    }));
    return [{ name, isObject: !nested.isList, bodyWith }, ...inner];
  });
}

/** What class-transformer makes of a field, asked by letting it: its own list of types isn't public. */
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
