import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { serverDocument } from '../../src/programs/generate-docs/api-document.js';
import type { ApiDocument } from '../../src/operations/openapi/api-document.js';
import type { Response } from '../../src/operations/openapi/operation.js';
import type { ErrorDefinition } from '../../src/core/errors/error-definition.js';
import { ERROR_CATALOGUE } from '../../src/error-catalogue.js';
import { HEADER_FIELDS, HEADERS } from '../../src/operations/openapi/refusals.js';

/** An answer as received. */
export interface GivenAnswer {
  readonly method: string;
  /** The request target, with its query. */
  readonly target: string;
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const document = serverDocument();
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
// The types of ajv-formats declare the module itself as the function.
(addFormats as unknown as (instance: Ajv2020) => void)(ajv);
// ajv-formats lacks the formats of RFC 6531 and RFC 5890.
ajv.addFormat('idn-email', /^[^@\s].*@[^@\s]+$/);
ajv.addFormat('idn-hostname', /^[^@\s/:]+$/);
// Accept the OpenAPI fields around the schemas.
ajv.addFormat('binary', true);
ajv.addVocabulary([...Object.keys(document), 'example', 'x-stored-only']);
ajv.addSchema(closed(document) as object, 'api', false, false);

/** Statuses of the HTTP layer and of server errors, which every route may answer. */
const ALWAYS = new Set([408, 414, 431, 500]);
const BENEATH_ROUTES: ReadonlySet<string> = new Set([
  '400 The URL is not valid.',
  '400 The request is not valid HTTP.',
  '404 Route not found',
]);
/** Headers that clients act on must be documented wherever they are sent. */
const CLIENT_HEADERS = [...new Set(Object.values(HEADER_FIELDS))].filter((header) => header !== 'Cache-Control');
const templates = Object.keys(document.paths)
  // The router prefers the template with fewer parameters.
  .sort((one, other) => parametersIn(one) - parametersIn(other))
  .map((template) => ({ template, segments: template.split('/') }));
const validators = new Map<string, ValidateFunction>();

/** The differences between an accepted request and the document. */
export function undeclaredOf({
  method,
  target,
  body,
}: Pick<GivenAnswer, 'method' | 'target'> & { body: unknown }): string[] {
  const template = templateOf(target);
  const operation = template === undefined ? undefined : document.paths[template]![method.toLowerCase()];
  if (template === undefined || operation === undefined) return [];
  const known = operation.parameters?.map(({ name }) => name) ?? [];
  const strange = [...new URL(target, 'http://gatehouse.test').searchParams.keys()].filter(
    (name) => !known.includes(name),
  );
  const { content = {} } = (operation.requestBody ?? {}) as Pick<Response, 'content'>;
  const type = ['application/json', 'application/x-www-form-urlencoded'].find((each) => each in content);
  const pointer = `/paths/${escaped(template)}/${method.toLowerCase()}/requestBody/content`;
  const problems =
    type === undefined || body === undefined ? [] : wrongValueAt(`${pointer}/${escaped(type)}/schema`, body);
  return [...strange.map((name) => `the query has ${name}`), ...problems].map(
    (problem) => `${method} ${template} was taken, but is not documented: ${problem}`,
  );
}

/** The differences between an answer and the document; none for routes outside the document. */
export function undocumentedOf({ method, target, status, headers, text }: GivenAnswer): string[] {
  const template = templateOf(target);
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  const operation = template === undefined ? undefined : document.paths[template]![verb];
  if (template === undefined || operation === undefined || isAnsweredBeforeRoute(status, text)) return [];
  const name = `${method} ${template} ${status}`;
  const wrongCode = wrongCodeOf(status, template, text);
  if (wrongCode !== undefined) return [`${name}: ${wrongCode}`];
  const key = status in operation.responses ? String(status) : ALWAYS.has(status) ? 'default' : undefined;
  if (key === undefined) return [`${name} is not documented: ${text.slice(0, 200)}`];
  const said = operation.responses[key]!;
  const response = said.$ref === undefined ? said : document.components.responses[said.$ref.split('/').at(-1)!]!;
  const saidHeaders = Object.entries(response.headers ?? {});
  const lacking = saidHeaders
    .filter(([header, { $ref }]) => isRequired($ref) && headers[header.toLowerCase()] === undefined)
    .map(([header]) => header);
  const unsaid = CLIENT_HEADERS.filter(
    (header) => headers[header.toLowerCase()] !== undefined && !saidHeaders.some(([said]) => said === header),
  );
  const pointer = said.$ref === undefined ? `/paths/${escaped(template)}/${verb}/responses/${key}` : said.$ref.slice(1);
  return [
    ...lacking.map((header) => `${name} has no ${header}`),
    ...unsaid.map((header) => `${name} has ${header}, which is not documented`),
    ...(method === 'HEAD' ? [] : wrongBody(response, pointer, headers['content-type'], text)).map(
      (problem) => `${name}: ${problem}`,
    ),
  ];
}

const patternOf = (message: string) =>
  new RegExp(`^${message.replaceAll(/[.*+?()[\]]/g, '\\$&').replaceAll(/\{\w+\}/g, '.*')}$`, 's');
const errors = ERROR_CATALOGUE.map(({ code, definition }) => ({
  ...definition,
  code,
  pattern: patternOf(definition.message),
}));

/** Every error body has its code from the catalogue, unless a source fixes the body without a code. */
function wrongCodeOf(status: number, path: string, text: string): string | undefined {
  if (status < 400 || !text.startsWith('{"statusCode":')) return undefined;
  const { code, message } = JSON.parse(text) as { code?: string; message: string };
  const meant = errors.filter((error) => error.status === status && error.pattern.test(message));
  const isFixed = (error: ErrorDefinition) =>
    error.fixedBySource !== undefined || (status === 400 && path.startsWith('/partner/v1'));
  const isRight = meant.some((error) => (isFixed(error) ? code === undefined : code === error.code));
  return isRight ? undefined : `the code is ${code}: ${text.slice(0, 200)}`;
}

function isRequired(header: string): boolean {
  return (HEADERS as Readonly<Record<string, { required?: boolean }>>)[header.split('/').at(-1)!]!.required === true;
}

/** Whether the answer was sent before the request reached a route. */
function isAnsweredBeforeRoute(status: number, text: string): boolean {
  const message = /^\{"statusCode":\d+,"message":"([^"]*)"/.exec(text)?.[1];
  return BENEATH_ROUTES.has(`${status} ${message}`);
}

function wrongBody({ content }: Response, pointer: string, contentType: unknown, text: string): string[] {
  if (content === undefined) return text === '' ? [] : [`a body came: ${text.slice(0, 200)}`];
  const [mediaType] = Object.keys(content);
  if (mediaType === '*/*') return [];
  if (!String(contentType).startsWith(mediaType!)) return [`it came as ${String(contentType)}, not as ${mediaType}`];
  if (mediaType !== 'application/json') return [];
  return wrongValue(pointer, JSON.parse(text));
}

/** The differences between the examples of a document, which must be the server's, and their schemas. */
export function wrongExamplesOf({ paths, components }: ApiDocument): string[] {
  const refusals = Object.entries(components.responses).flatMap(([name, { content }]) =>
    wrongExamplesIn(name, `/components/responses/${name}`, content),
  );
  const operations = Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).flatMap(([method, { operationId, parameters = [], requestBody, responses }]) => {
      const pointer = `/paths/${escaped(template)}/${method}`;
      return [
        ...(parameters as readonly { readonly name?: string; readonly example?: unknown }[]).flatMap(
          ({ name, example }, index) =>
            example === undefined
              ? []
              : wrongValueAt(`${pointer}/parameters/${index}/schema`, example).map(
                  (problem) => `${operationId} ?${name}: ${problem}`,
                ),
        ),
        ...wrongExamplesIn(operationId, `${pointer}/requestBody`, (requestBody as Response | undefined)?.content),
        ...Object.entries(responses).flatMap(([status, { content }]) =>
          wrongExamplesIn(`${operationId} ${status}`, `${pointer}/responses/${status}`, content),
        ),
      ];
    }),
  );
  return [...refusals, ...operations];
}

function wrongExamplesIn(where: string, pointer: string, content: Response['content'] = {}): string[] {
  return Object.entries(content).flatMap(([type, { example, examples = {} }]) =>
    [...(example === undefined ? [] : [example]), ...Object.values(examples).map(({ value }) => value)].flatMap(
      (value) =>
        wrongValueAt(`${pointer}/content/${escaped(type)}/schema`, value).map((problem) => `${where}: ${problem}`),
    ),
  );
}

/** @param pointer the JSON pointer of the part with the JSON content */
function wrongValue(pointer: string, value: unknown): string[] {
  return wrongValueAt(`${pointer}/content/application~1json/schema`, value);
}

/** @param pointer of the schema */
function wrongValueAt(pointer: string, value: unknown): string[] {
  const validate = validatorOf(`api#${pointer}`);
  if (validate(value)) return [];
  return validate.errors!.map(({ instancePath, message, params }) => {
    return `${instancePath || 'the body'} ${message} ${JSON.stringify(params)}`;
  });
}

function validatorOf(reference: string): ValidateFunction {
  let validator = validators.get(reference);
  if (validator === undefined) validators.set(reference, (validator = ajv.compile({ $ref: reference })));
  return validator;
}

/** Forbids undeclared fields: clients must accept additional fields, but the server must document each. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, value]): [string, unknown] => [
    key,
    /^examples?$/.test(key) ? value : closed(value),
  ]);
  // A part without a type only restricts the object that contains it.
  const isOpen = 'properties' in part && 'type' in part && !('additionalProperties' in part);
  return { ...Object.fromEntries(entries), ...(isOpen ? { additionalProperties: false } : {}) };
}

function templateOf(target: string): string | undefined {
  const path = target.replace(/^https?:\/\/[^/]*/, '').replace(/[?#].*$/, '');
  const given = path
    .replace(/(?<=.)\/$/, '')
    .split('/')
    .map(decoded);
  return templates.find(
    ({ segments }) =>
      segments.length === given.length &&
      segments.every((segment, index) => (segment.startsWith('{') ? given[index] !== '' : segment === given[index])),
  )?.template;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function parametersIn(template: string): number {
  return template.split('{').length;
}

function escaped(template: string): string {
  return encodeURIComponent(template.replaceAll('~', '~0').replaceAll('/', '~1'));
}
