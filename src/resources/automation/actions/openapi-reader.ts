// Runs in a worker thread. Imports of our files end in .ts, so that it also runs from the source.
import { parentPort, workerData } from 'node:worker_threads';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isList, isObject, isText, objectOr, type Json } from '../../../kit/openapi-document/json-values.ts';
import { fieldsOf, readOpenApi } from '../../../kit/openapi-document/openapi-document.ts';
import { OpenApiFault } from '../../../kit/openapi-document/openapi-fault.ts';
import { resolved } from '../../../kit/openapi-document/openapi-references.ts';
import { baseUrlOf } from './base-url.ts';
import { inlined, TooLarge, type SchemaPlace } from './inlined-schema.ts';

const { text, payloadBytesMax } = workerData as { text: string; payloadBytesMax: number };

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const PLACES = ['path', 'query', 'header', 'cookie'];
const OPERATIONS_MAX = 1_000;
const ALL_PAYLOADS_BYTES_MAX = 16 * 1024 * 1024;
/** Depths to follow nested references. The greatest one whose payload fits is used. */
const REFERENCES_DEEP = [8, 4, 2, 1];
/** OpenAPI: parameters with these names shall be ignored, because media types define the headers. */
const IGNORED_HEADERS = ['accept', 'content-type'];

try {
  parentPort!.postMessage({ operations: operationsOf(readOpenApi(text)) });
} catch (error) {
  if (!(error instanceof OpenApiFault)) throw error;
  const code = error.of === 'document' ? 'failed_to_parse_spec' : 'invalid_tool_schema';
  parentPort!.postMessage({ problem: { code, message: error.message } });
}

function operationsOf(document: Json): object[] {
  const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: false });
  const operations = fieldsOf(document['paths']).flatMap(([path, found]) => {
    const item = resolved({ document, where: path }, found);
    return METHODS.flatMap((method) => {
      const operation = item[method];
      return isObject(operation) ? [{ path, method, item, operation, where: `${method.toUpperCase()} ${path}` }] : [];
    });
  });
  if (operations.length === 0) throw unparsed('The document has no operations');
  if (operations.length > OPERATIONS_MAX) {
    throw unparsed(`The document has more than ${OPERATIONS_MAX} operations`);
  }
  let bytesLeft = ALL_PAYLOADS_BYTES_MAX;
  return operations.map(({ path, method, item, operation, where }) => {
    const payload = fitting(where, (deep) => ({
      path,
      method: method.toUpperCase(),
      ...textsOf(operation),
      parameters: parametersOf({ document, where, deep }, item, operation, path),
      ...bodyOf({ document, where, deep }, operation),
      responses: responsesOf({ document, where, deep }, operation),
    }));
    checkSchemas(ajv, payload, where);
    bytesLeft -= JSON.stringify(payload).length;
    if (bytesLeft < 0) throw unparsed('The document is too large with its references followed');
    // Servers of the operation override those of its path, which override those of the document.
    const servers = [operation, item, document]
      .map((each) => each['servers'])
      .find((each) => isList(each) && each.length > 0);
    const tags = isList(operation['tags']) ? operation['tags'].filter(isText) : [];
    return { payload, base_url: isList(servers) ? baseUrlOf(servers) : undefined, tags };
  });
}

/** Follows references as deep as the payload's size limit allows. */
function fitting(where: string, make: (deep: number) => Json): Json {
  for (const deep of REFERENCES_DEEP) {
    try {
      const payload = make(deep);
      const json = JSON.stringify(payload);
      // NUL and lone surrogates, which Postgres cannot store.
      if (/(?<!\\)(\\\\)*\\u(0000|d[89a-f])/.test(json)) {
        throw unparsed(`${where} contains a character that cannot be stored`);
      }
      if (Buffer.byteLength(json) <= payloadBytesMax) return payload;
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
    }
  }
  throw invalid(`${where} exceeds ${payloadBytesMax / 1024} KiB`);
}

function textsOf({ operationId, summary, description }: Json): Json {
  return Object.fromEntries(Object.entries({ operationId, summary, description }).filter(([, value]) => isText(value)));
}

function parametersOf(at: SchemaPlace, item: Json, operation: Json, path: string): Json[] {
  const all = new Map<string, Json>();
  for (const found of [item['parameters'], operation['parameters']].flat()) {
    if (found === undefined) continue;
    const parameter = resolved(at, found);
    const { name, in: place, content } = parameter;
    if (!isText(name) || name === '' || !PLACES.includes(String(place))) {
      throw invalid(`${at.where}: a parameter must have a name and be in ${PLACES.join(', ')}`);
    }
    if (place === 'header' && IGNORED_HEADERS.includes(name.toLowerCase())) continue;
    const schema = parameter['schema'] ?? objectOr(fieldsOf(content)[0]?.[1])['schema'];
    const { style, explode, description } = parameter;
    all.set(`${String(place)} ${name}`, {
      name,
      in: place,
      ...(isText(description) && { description }),
      required: place === 'path' || parameter['required'] === true,
      schema: objectOr(inlined(at, schema)),
      ...(isText(style) && { style }),
      ...(typeof explode === 'boolean' && { explode }),
    });
  }
  // Placeholders without a parameter in the document must be filled too.
  for (const [, name] of path.matchAll(/\{([^{}]+)\}/g)) {
    const parameter = { name, in: 'path', required: true, schema: { type: 'string' } };
    if (!all.has(`path ${name}`)) all.set(`path ${name}`, parameter);
  }
  return [...all.values()].filter(({ name, in: place }) => place !== 'path' || path.includes(`{${String(name)}}`));
}

function bodyOf(at: SchemaPlace, operation: Json): Json {
  if (operation['requestBody'] === undefined) return {};
  const body = resolved(at, operation['requestBody']);
  const { description, required } = body;
  const content = contentOf(at, body);
  return { requestBody: { ...(isText(description) && { description }), required: required === true, content } };
}

function responsesOf(at: SchemaPlace, operation: Json): Json {
  return Object.fromEntries(
    fieldsOf(operation['responses']).map(([status, found]) => {
      const response = resolved(at, found);
      const { description = '' } = response;
      return [status, { description: String(description), content: contentOf(at, response) }];
    }),
  );
}

function contentOf(at: SchemaPlace, { content }: Json): Json {
  return Object.fromEntries(
    fieldsOf(content).map(([type, found]) => {
      const { schema } = objectOr(found);
      return [type, schema === undefined ? {} : { schema: inlined(at, schema) }];
    }),
  );
}

function checkSchemas(ajv: Ajv2020, { parameters, requestBody }: Json, where: string): void {
  const ofParameters = (parameters as Json[]).map(({ name, schema }): [string, unknown] => [String(name), schema]);
  const content = Object.entries(objectOr(objectOr(requestBody)['content']));
  const ofBody = content.map(([type, each]): [string, unknown] => [type, objectOr(each)['schema'] ?? {}]);
  for (const [what, schema] of [...ofParameters, ...ofBody]) {
    if (ajv.validateSchema(schema as Json) === true) continue;
    const problem = ajv.errorsText(ajv.errors, { dataVar: 'schema' });
    throw invalid(`${where}: the schema of ${what} is not valid: ${problem}`);
  }
}

function unparsed(sentence: string): OpenApiFault {
  return new OpenApiFault('document', sentence);
}

function invalid(sentence: string): OpenApiFault {
  return new OpenApiFault('part', sentence);
}
