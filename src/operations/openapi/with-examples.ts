import type { Examples, ExampleValue } from '../../core/wire/examples.js';
import type { ApiDocument } from './api-document.js';
import { ExampleBook, MissingExample } from './example-book.js';
import type { MediaContent, Operation, Response } from './operation.js';

interface Parameter {
  readonly name?: string;
  readonly in?: string;
  readonly required?: boolean;
}
type ContentByType = Readonly<Record<string, MediaContent>>;

/** An operation, and where its examples are looked up. */
interface Place {
  readonly template: string;
  readonly operation: Operation;
  readonly book: ExampleBook;
  /** Gets a sentence for each example that is missing. */
  readonly missing: string[];
}

export interface ExampledDocument {
  readonly document: ApiDocument;
  /** A sentence for each example that is missing. */
  readonly missing: readonly string[];
  readonly book: ExampleBook;
}

/** Bodies without a type of their own, such as any file. */
const ANY_TYPE = '*/*';

/** Adds the authored examples to the parameters, bodies and responses of all operations. */
export function withExamples(document: ApiDocument, catalogue: readonly Examples[]): ExampledDocument {
  const book = new ExampleBook(document.components.schemas, catalogue);
  const missing: string[] = [];
  const paths = Object.entries(document.paths).map(([template, operations]) => {
    const exampled = Object.entries(operations).map(([method, operation]) => {
      return [method, exampledOperation({ template, operation, book, missing })] as const;
    });
    return [template, Object.fromEntries(exampled)] as const;
  });
  return { document: { ...document, paths: Object.fromEntries(paths) }, missing, book };
}

function exampledOperation(place: Place): Operation {
  const { operation } = place;
  const { parameters, requestBody } = operation;
  return {
    ...operation,
    ...(parameters === undefined ? {} : { parameters: parameters.map((each) => exampledParameter(place, each)) }),
    ...(requestBody === undefined ? {} : { requestBody: exampledBody(place, requestBody) }),
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([status, response]) => [
        status,
        /^2\d\d$/.test(status) ? exampledResponse(place, response) : response,
      ]),
    ),
  };
}

function exampledParameter(place: Place, parameter: Parameter): Parameter {
  const { template, operation, book } = place;
  const { name, in: location, required = false } = parameter;
  const { path, query } = book.ofOperation(operation.operationId);
  if (location === 'path') {
    return withExample(place, parameter, () => path?.[name!] ?? book.ofPathParameter(template, name!));
  }
  const example = query?.[name ?? ''];
  if (location !== 'query' || (example === undefined && !required)) return parameter;
  return withExample(place, parameter, () => found(example, `the query parameter ${name}`));
}

function exampledBody(place: Place, body: object): object {
  const { body: replaced, bodyOf = {}, form } = place.book.ofOperation(place.operation.operationId);
  const { content } = body as { content: ContentByType };
  return {
    ...body,
    content: mapContent(content, (type, { schema }) =>
      type === 'multipart/form-data'
        ? found(form, 'the multipart form')
        : place.book.ofSchema(schema, 'the request', bodyOf[type] ?? replaced),
    )(place),
  };
}

function exampledResponse(place: Place, response: Response): Response {
  const { response: replaced } = place.book.ofOperation(place.operation.operationId);
  const { content } = response as { content?: ContentByType };
  if (content === undefined) return response;
  return {
    ...response,
    content: mapContent(content, (_type, { schema }) => place.book.ofSchema(schema, 'the response', replaced))(place),
  };
}

function mapContent(content: ContentByType, exampleOf: (type: string, content: MediaContent) => ExampleValue) {
  return (place: Place): ContentByType =>
    Object.fromEntries(
      Object.entries(content).map(([type, each]) => [
        type,
        type === ANY_TYPE ? each : withExample(place, each, () => exampleOf(type, each)),
      ]),
    );
}

/** Adds the example. If it is missing, notes that and returns the part as it is. */
function withExample<Part extends object>({ operation, missing }: Place, part: Part, find: () => ExampleValue): Part {
  try {
    return { ...part, example: find() };
  } catch (error) {
    if (!(error instanceof MissingExample)) throw error;
    missing.push(`${operation.operationId}: ${error.message}`);
    return part;
  }
}

function found<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new MissingExample(what);
  return value;
}
