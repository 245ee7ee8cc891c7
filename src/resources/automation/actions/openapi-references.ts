export type Json = Record<string, unknown>;
/** The part of the document that is being read, and how deep to follow nested references. */
export interface Place {
  readonly document: Json;
  readonly where: string;
  readonly deep: number;
}
type Code = 'failed_to_parse_spec' | 'invalid_tool_schema';

/** Limit of nested schemas. */
const DEPTH_MAX = 20;
const SCHEMAS_MAX = 5_000;

/** Keywords whose values are schemas, lists of schemas, and schemas by name. Others are plain data. */
const SCHEMAS = ['items', 'additionalProperties', 'not', 'contains', 'propertyNames', 'if', 'then', 'else'];
const SCHEMA_LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const SCHEMA_MAPS = ['properties', 'patternProperties', '$defs', 'dependentSchemas'];
/** Annotations, and keywords whose targets do not exist after inlining. */
const LEFT_OUT =
  /^x-|^(examples?|xml|externalDocs|discriminator|\$(id|schema|anchor|dynamicAnchor|dynamicRef|comment))$/;

export class Refusal extends Error {
  readonly code: Code;

  constructor(code: Code, message: string) {
    super(message);
    this.code = code;
  }
}
export class TooLarge extends Error {}
export const unparsed = (sentence: string) => new Refusal('failed_to_parse_spec', sentence);
export const invalid = (sentence: string) => new Refusal('invalid_tool_schema', sentence);

/** Inlines the references of a schema. A recursive or too deep reference becomes a schema that accepts any value. */
export function inlined({ document, where, deep }: Place, root: unknown): unknown {
  let left = SCHEMAS_MAX;
  const walk = (schema: unknown, open: readonly string[], depth: number): unknown => {
    if (!isObject(schema)) return schema;
    if (left-- <= 0 || depth > DEPTH_MAX) throw new TooLarge();
    const { $ref: reference, ...own } = schema;
    if (isText(reference)) {
      const title = reference.split('/').at(-1);
      const isFar = open.includes(reference) || open.length >= deep;
      const target = pointed(document, reference, where);
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

/** Resolves the reference of a parameter, a body, a response or a path item. */
export function resolved({ document, where }: Omit<Place, 'deep'>, found: unknown): Json {
  let value = found;
  for (let step = 0; isObject(value) && isText(value['$ref']); step++) {
    if (step > DEPTH_MAX) throw invalid(`${where}: ${value['$ref']} refers to itself`);
    value = pointed(document, value['$ref'], where);
  }
  if (!isObject(value)) throw invalid(`${where}: expected an object`);
  return value;
}

/** Resolves a JSON pointer (RFC 6901) in the document. Other documents are never fetched. */
function pointed(document: Json, reference: string, where: string): unknown {
  if (reference !== '#' && !reference.startsWith('#/')) {
    const sentence = 'refers to another document, which is not fetched: bundle them into one';
    throw unparsed(`${where}: ${reference} ${sentence}`);
  }
  let value: unknown = document;
  for (const key of reference.split('/').slice(1)) {
    const name = decoded(key).replaceAll('~1', '/').replaceAll('~0', '~');
    value = (isObject(value) || Array.isArray(value)) && Object.hasOwn(value, name) ? (value as Json)[name] : undefined;
  }
  if (value === undefined) throw invalid(`${where}: ${reference} does not exist`);
  return value;
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOr(value: unknown): Json {
  return isObject(value) ? value : {};
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}
