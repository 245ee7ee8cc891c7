// Imports of our files end in .ts, so that worker threads also run from the source.
import { upgrade } from '@scalar/openapi-upgrader';
import { CORE_SCHEMA, load } from 'js-yaml';
import { isText, objectOr, type Json } from './json-values.ts';
import { OpenApiFault } from './openapi-fault.ts';

/** Counts a YAML alias each time it is used. */
const VALUES_MAX = 1_000_000;

/**
 * Reads an OpenAPI document. A large one takes seconds. Nothing is fetched and no reference is followed.
 * @param text JSON or YAML of OpenAPI 2.0, 3.0 or 3.1
 * @returns OpenAPI 3.1, whose schemas are JSON Schema 2020-12
 * @throws OpenApiFault
 */
export function readOpenApi(text: string): Json {
  const document = parsed(text);
  const { swagger, openapi } = objectOr(document);
  if (swagger !== '2.0' && !/^3\.[01]\.\d+/.test(String(openapi))) {
    throw faultyDocument('must declare swagger: "2.0", openapi: 3.0.x or openapi: 3.1.x');
  }
  try {
    if (valuesIn(document) > VALUES_MAX) throw new Error('its aliases expand to too many values');
    return upgrade(document as Json, '3.1') as Json;
  } catch (error) {
    const what = error instanceof RangeError ? 'nested too deeply' : `not valid OpenAPI: ${(error as Error).message}`;
    throw faultyDocument(`is ${what}`);
  }
}

/** Entries without extensions (`x-…`), which OpenAPI allows anywhere. A media type such as `x-a/b` has a slash. */
export function fieldsOf(value: unknown): [string, unknown][] {
  return Object.entries(objectOr(value)).filter(([name]) => !/^x-[^/]*$/.test(name));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Parsed as YAML instead, whose errors have a line and column, for JSON too.
  }
  try {
    return load(text, { schema: CORE_SCHEMA });
  } catch (error) {
    const { reason, mark } = error as { reason?: string; mark?: { line: number; column: number } };
    const place = mark ? ` (line ${mark.line + 1}, column ${mark.column + 1})` : '';
    throw faultyDocument(`is neither JSON nor YAML: ${isText(reason) ? reason : 'unreadable'}${place}`);
  }
}

function valuesIn(value: unknown, known = new Map<object, number>()): number {
  if (typeof value !== 'object' || value === null) return 1;
  const counted = known.get(value);
  if (counted !== undefined) return counted;
  // A value that contains itself is infinite.
  known.set(value, Infinity);
  const count = Object.values(value).reduce((sum: number, each) => sum + valuesIn(each, known), 1);
  known.set(value, count);
  return count;
}

function faultyDocument(predicate: string): OpenApiFault {
  return new OpenApiFault('document', `The document ${predicate}`);
}
