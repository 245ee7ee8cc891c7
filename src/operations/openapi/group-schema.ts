import type { FieldGroup } from '../../core/validation/field-groups.js';
import type { Schema } from '../../core/wire/schema.js';

type Properties = Readonly<Record<string, Schema>>;

/**
 * Returns the keywords for fields that depend on each other, to merge into the object's schema. Each group is in `allOf`,
 * because openapi-typescript turns an `anyOf` beside `properties` into a union of the two.
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

/** Narrows a schema to values that are not null, an empty string or an empty list. */
function withContent({ description: _, ...schema }: Schema): Schema {
  const { type, anyOf } = schema;
  if (Array.isArray(anyOf)) return withContent((anyOf as Schema[]).find((part) => part.type !== 'null')!);
  const [one] = [type].flat().filter((each) => each !== 'null');
  const least = one === 'string' ? { minLength: 1 } : one === 'array' ? { minItems: 1 } : {};
  return { ...schema, ...(one === undefined ? {} : { type: one }), ...least };
}
