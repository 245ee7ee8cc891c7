import type { Schema } from '../../../src/core/wire/schema.js';

/** A field of a body, at any depth. */
export interface SchemaField {
  /** The names from the outermost field inwards; `[]` stands for a list entry, `*` for any name. */
  readonly path: readonly string[];
  readonly schema: Schema;
}

type Schemas = Readonly<Record<string, Schema>>;

/** Every field of a schema, each once. */
export function fieldsOfSchema(schema: Schema, schemas: Schemas): SchemaField[] {
  const fields = new Map<string, SchemaField>();
  collect(schema, [], []);
  return [...fields.values()];

  function collect(part: Schema, path: readonly string[], within: readonly string[]): void {
    if (typeof part['$ref'] === 'string') {
      const name = part['$ref'].split('/').at(-1)!;
      // Schemas may be recursive.
      if (!within.includes(name)) collect(schemas[name]!, path, [...within, name]);
      return;
    }
    if (path.length > 0) fields.set(path.join('.'), { path, schema: part });
    for (const key of ['anyOf', 'oneOf', 'allOf']) {
      for (const each of (part[key] as Schema[] | undefined) ?? []) collect(each, path, within);
    }
    if (part['items'] !== undefined) collect(part['items'] as Schema, [...path, '[]'], within);
    for (const [name, each] of Object.entries((part['properties'] ?? {}) as Schemas)) {
      collect(each, [...path, name], within);
    }
    if (typeof part['additionalProperties'] === 'object') {
      collect(part['additionalProperties'] as Schema, [...path, '*'], within);
    }
  }
}

/** A body with the value in one field, and no other fields. */
export function bodyWith(path: readonly string[], value: unknown): object {
  const [name, ...rest] = path;
  const inner = rest.length === 0 ? value : bodyWith(rest, value);
  return name === '[]' ? [inner] : { [name!]: inner };
}
