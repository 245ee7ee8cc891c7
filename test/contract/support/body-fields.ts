import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import type { Class } from '../../../src/core/wire/schema.js';

type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** One field of a body, at any depth. */
export interface BodyField {
  /** Its own name, without what it is in. */
  readonly name: string;
  /** Whether it holds one object with fields of its own. */
  readonly isObject: boolean;
  /** The same for fields of one name that the same rules judge. */
  readonly rules: string;
  /** A body with that JSON text in this field and nothing else. */
  bodyWith(json: string): string;
}

/** Every field that a DTO has rules for, those of the DTOs in it too. */
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

/** A rule with its bounds, whichever class has it. */
function written({ type, name, each, constraints = [], context }: Rule): unknown[] {
  return [type, name, each, constraints.map(String), context];
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
