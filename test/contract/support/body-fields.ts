import { PARAMTYPES_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import type { ServedRoute } from './served-routes.js';

type Dto = new () => object;

/** One field of a body, at any depth. */
export interface BodyField {
  /** Its own name, without what it is in. */
  readonly name: string;
  /** Whether it holds one object with fields of its own. */
  readonly isObject: boolean;
  /** A body with that JSON text in this field and nothing else. */
  bodyWith(json: string): string;
}

/** What the body of a route is checked against; undefined: it takes none. */
export function bodyDtoOf({ controller, handler }: ServedRoute): Dto | undefined {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler) as Record<string, { index: number }>;
  const body = Object.entries(parameters ?? {}).find(([key]) => key.startsWith(`${RouteParamtypes.BODY}:`));
  if (body === undefined) return undefined;
  const { prototype } = controller as { prototype: object };
  return (Reflect.getMetadata(PARAMTYPES_METADATA, prototype, handler) as Dto[])[body[1].index];
}

/** Every field that a DTO has rules for, those of the DTOs in it too. */
export function fieldsOf(dto: Dto): BodyField[] {
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
function nestedDto(dto: Dto, name: string): { dto: Dto; isList: boolean } | undefined {
  const isDto = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && value.constructor !== Object;
  const made = (plain: unknown) => (plainToInstance(dto, { [name]: plain }) as Record<string, unknown>)[name];
  const one = made({});
  if (!isDto(one)) return undefined;
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const isList = rules.some(({ propertyName, each }) => propertyName === name && each);
  return { dto: one.constructor as Dto, isList };
}
