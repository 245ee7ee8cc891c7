import type { Schema } from '../../../src/core/wire/schema.js';

const TEXTS_BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: '0198a2f0-0000-7000-8000-000000000000',
  'idn-email': 'guest@acme.example',
  'idn-hostname': 'acme.example',
  uri: 'https://acme.example/',
  'date-time': '2026-11-02T10:00:00.000Z',
  date: '2026-11-02',
};
/** Candidates for a pattern; the first match is used. */
const TEXTS = [
  'something',
  'acme.example',
  '+491701234567',
  '12:30',
  '#a1b2c3',
  '0198a2f0-0000-7000-8000-000000000000',
  '<id@acme.example>',
];

type Schemas = Readonly<Record<string, Schema>>;

/**
 * A minimal example of a schema, then one with each optional field added, because a schema cannot express rules between
 * fields.
 */
export function examplesOf(schema: Schema, schemas: Schemas): unknown[] {
  const names = new Set<string>();
  const least = exampleOf(schema, schemas, (name) => void names.add(name));
  return [least, ...[...names].map((name) => exampleOf(schema, schemas, (each) => each === name))];
}

/** @param isWanted whether an optional field is included */
function exampleOf(schema: Schema, schemas: Schemas, isWanted: (name: string) => boolean | void): unknown {
  const example = (part: unknown) => exampleOf(part as Schema, schemas, isWanted);
  const [first] = ['anyOf', 'oneOf'].flatMap((name) => (schema[name] as Schema[] | undefined) ?? []);
  if (typeof schema['$ref'] === 'string') return example(schemas[schema['$ref'].split('/').at(-1)!]);
  if (first !== undefined) return example(first);
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  switch ([schema.type].flat()[0]) {
    case 'object': {
      const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
      const groups = (schema['allOf'] ?? []) as { anyOf?: Schema[]; oneOf?: Schema[] }[];
      const required = [schema, ...groups.map(({ anyOf, oneOf }) => (anyOf ?? oneOf)![0]!)].flatMap(
        (part) => (part['required'] as string[] | undefined) ?? [],
      );
      const names = Object.keys(properties).filter((name) => required.includes(name) || isWanted(name));
      return Object.fromEntries(names.map((name) => [name, example(properties[name])]));
    }
    case 'array':
      return Array.from({ length: (schema['minItems'] as number | undefined) ?? 0 }, () => example(schema['items']));
    case 'string':
      return textFor(schema);
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return (schema['minimum'] as number | undefined) ?? 1;
    default:
      return null;
  }
}

function textFor({ format, pattern, minLength = 1 }: Schema): string {
  if (typeof format === 'string') return TEXTS_BY_FORMAT[format] ?? 'something';
  const fits = (text: string) => pattern === undefined || new RegExp(pattern as string, 'u').test(text);
  return (TEXTS.find(fits) ?? 'something').padEnd(minLength as number, '.');
}
