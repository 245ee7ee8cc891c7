// Imports of our files end in .ts, so that the reader thread also runs from the source.
import { isObject, isText, objectOr, type Json } from '../../../kit/openapi-document/json-values.ts';
import { pointed, type Place } from '../../../kit/openapi-document/openapi-references.ts';

/** Where a schema is, and how deep to follow nested references. */
export interface SchemaPlace extends Place {
  readonly deep: number;
}

/** Limit of nested schemas. */
const DEPTH_MAX = 20;
const SCHEMAS_MAX = 5_000;

/** A schema exceeds a limit. */
export class TooLarge extends Error {}

/** Keywords whose values are schemas, lists of schemas, and schemas by name. Others are plain data. */
const SCHEMAS = ['items', 'additionalProperties', 'not', 'contains', 'propertyNames', 'if', 'then', 'else'];
const SCHEMA_LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const SCHEMA_MAPS = ['properties', 'patternProperties', '$defs', 'dependentSchemas'];
/** Annotations, and keywords whose targets do not exist after inlining. */
const LEFT_OUT =
  /^x-|^(examples?|xml|externalDocs|discriminator|\$(id|schema|anchor|dynamicAnchor|dynamicRef|comment))$/;

/** Inlines the references of a schema. A recursive or too deep reference becomes a schema that accepts any value. */
export function inlined({ deep, ...at }: SchemaPlace, root: unknown): unknown {
  let left = SCHEMAS_MAX;
  const walk = (schema: unknown, open: readonly string[], depth: number): unknown => {
    if (!isObject(schema)) return schema;
    if (left-- <= 0 || depth > DEPTH_MAX) throw new TooLarge();
    const { $ref: reference, ...own } = schema;
    if (isText(reference)) {
      const title = reference.split('/').at(-1);
      const isFar = open.includes(reference) || open.length >= deep;
      const target = pointed(at, reference);
      const there = isFar ? { title } : walk(target, [...open, reference], depth);
      return { ...objectOr(there), ...(walk(own, open, depth) as Json) };
    }
    const map = (value: unknown) => walk(value, open, depth + 1);
    return Object.fromEntries(
      Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
        if (LEFT_OUT.test(key)) return [];
        if (SCHEMAS.includes(key)) return [[key, map(value)]];
        if (SCHEMA_LISTS.includes(key) && Array.isArray(value)) return [[key, value.map(map)]];
        if (!SCHEMA_MAPS.includes(key) || !isObject(value)) return [[key, value]];
        return [[key, Object.fromEntries(Object.entries(value).map(([name, each]) => [name, map(each)]))]];
      }),
    );
  };
  return walk(root, [], 0);
}
