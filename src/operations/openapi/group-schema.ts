import type { FieldGroup } from '../../core/validation/field-groups.js';
import type { Schema } from '../../core/wire/schema.js';

type Properties = Readonly<Record<string, Schema>>;

/**
 * Fields that depend on each other, beside the schema of the object that has them. Each group is in `allOf`:
 * openapi-typescript takes an `anyOf` beside `properties` for a union of the two.
 */
export function schemaOfGroups(groups: readonly FieldGroup[], properties: Properties): Schema | undefined {
  return groups.length === 0 ? undefined : { allOf: groups.map((group) => schemaOfGroup(group, properties)) };
}

function schemaOfGroup({ needs, names }: FieldGroup, properties: Properties): Schema {
  const ways = names.map((name) => {
    const schema = properties[name];
    if (schema === undefined) throw new Error(`${name} is in a group of fields, but is not a field`);
    return { required: [name], properties: { [name]: needs === 'a value' ? withContent(schema) : schema } };
  });
  return needs === 'exactly one' ? { oneOf: ways } : { anyOf: ways };
}

/** The schema without null, an empty text and an empty list. */
function withContent({ description: _, ...schema }: Schema): Schema {
  const { type, anyOf } = schema;
  if (Array.isArray(anyOf)) return withContent((anyOf as Schema[]).find((part) => part.type !== 'null')!);
  const [one] = [type].flat().filter((each) => each !== 'null');
  const least = one === 'string' ? { minLength: 1 } : one === 'array' ? { minItems: 1 } : {};
  return { ...schema, ...(one === undefined ? {} : { type: one }), ...least };
}
