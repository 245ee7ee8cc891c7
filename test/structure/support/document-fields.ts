import { readFileSync } from 'node:fs';
import { OWNERS } from './sql-tables.js';
import { featureOf, type Source, SOURCES } from './source-tree.js';

interface Schema {
  readonly properties?: Readonly<Record<string, object>>;
}

/** Fields that people read, and every list and log. */
const FOR_PEOPLE = ['id', 'name', 'title', 'description', 'created_at', 'updated_at'];
const DECLARES_FIELDS = /\.(?:entity|dto|examples)\.ts$/;

const { schemas } = (
  JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as {
    readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  }
).components;

/**
 * Fields of the API document that no code reads or writes: neither in the feature that declares them nor in one that
 * imports it, is imported by it, or names one of its tables. @example ['resources/voice/phone: accent']
 */
export function unusedFields(): string[] {
  return fieldsToUse()
    .filter((field) => usersOf(field).length === 0)
    .map(nameOf);
}

/** Features by the classes that they declare. */
const DECLARED_BY: ReadonlyMap<string, string[]> = SOURCES.filter(({ path }) => !path.startsWith('core/'))
  .flatMap(({ path, text }) =>
    [...text.matchAll(/\bclass (\w+)/g)].map(([, name]) => [name!, featureOf(path)] as const),
  )
  .reduce((all, [name, feature]) => all.set(name, [...(all.get(name) ?? []), feature]), new Map<string, string[]>());

interface DocumentField {
  readonly feature: string;
  readonly field: string;
}

const nameOf = ({ feature, field }: DocumentField) => `${feature}: ${field}`;

/** Without those marked `x-stored-only`. */
function fieldsToUse(): DocumentField[] {
  const found = Object.entries(schemas).flatMap(([schema, { properties = {} }]) =>
    Object.entries(properties)
      .filter(([field, property]) => !FOR_PEOPLE.includes(field) && !('x-stored-only' in property))
      .flatMap(([field]) => featuresOf(schema).map((feature) => ({ feature, field }))),
  );
  const unique = new Map(found.map((field) => [nameOf(field), field]));
  return [...unique.keys()].toSorted().map((name) => unique.get(name)!);
}

/** The features that declare a schema. A generated body belongs to its entity. */
function featuresOf(schema: string): string[] {
  const entity = schema.replace(/^(?:Create|Put|Update)(\w+)Dto$/, '$1');
  return [...new Set([...(DECLARED_BY.get(schema) ?? []), ...(DECLARED_BY.get(entity) ?? [])])];
}

function usersOf({ feature, field }: DocumentField): Source[] {
  const names = new RegExp(`\\b${field}\\b`);
  return neighboursOf(feature).filter(({ path, text }) => !DECLARES_FIELDS.test(path) && names.test(text));
}

const neighbours = new Map<string, Source[]>();

function neighboursOf(feature: string): Source[] {
  let found = neighbours.get(feature);
  if (found === undefined) neighbours.set(feature, (found = findNeighbours(feature)));
  return found;
}

function findNeighbours(feature: string): Source[] {
  const own = SOURCES.filter(({ path }) => featureOf(path) === feature);
  const imported = new Set(own.flatMap(({ imports }) => imports.map(featureOf)));
  const tables = [...OWNERS].filter(([, owner]) => owner === feature).map(([table]) => table);
  const namesTable = tables.length > 0 && new RegExp(`\\b(?:${tables.join('|')})\\b`);
  return SOURCES.filter(
    ({ path, text, imports }) =>
      featureOf(path) === feature ||
      imports.some((other) => featureOf(other) === feature) ||
      (imported.has(featureOf(path)) && !path.startsWith('core/')) ||
      (namesTable && namesTable.test(text)),
  );
}
