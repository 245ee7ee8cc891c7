import { isObject, isText, type Json } from './json-values.ts';
import { OpenApiFault } from './openapi-fault.ts';

/** The part of the document that is being read. */
export interface Place {
  readonly document: Json;
  readonly where: string;
}

/** References that refer to references. */
const STEPS_MAX = 20;

/** Resolves the reference of a parameter, a body, a response or a path item. */
export function resolved({ document, where }: Place, found: unknown): Json {
  let value = found;
  for (let step = 0; isObject(value) && isText(value['$ref']); step++) {
    if (step > STEPS_MAX) throw new OpenApiFault('part', `${where}: ${value['$ref']} refers to itself`);
    value = pointed({ document, where }, value['$ref']);
  }
  if (!isObject(value)) throw new OpenApiFault('part', `${where}: expected an object`);
  return value;
}

/** Resolves a JSON pointer (RFC 6901) in the document. Other documents are never fetched. */
export function pointed({ document, where }: Place, reference: string): unknown {
  if (reference !== '#' && !reference.startsWith('#/')) {
    const sentence = 'refers to another document, which is not fetched: bundle them into one';
    throw new OpenApiFault('document', `${where}: ${reference} ${sentence}`);
  }
  let value: unknown = document;
  for (const key of reference.split('/').slice(1)) {
    const name = decoded(key).replaceAll('~1', '/').replaceAll('~0', '~');
    value = (isObject(value) || Array.isArray(value)) && Object.hasOwn(value, name) ? (value as Json)[name] : undefined;
  }
  if (value === undefined) throw new OpenApiFault('part', `${where}: ${reference} does not exist`);
  return value;
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
