import type { Audience } from '../../access/scopes/audience.js';
import { type DeclaredRoute, parametersIn } from '../../access/routes/declared-routes.js';
import type { RoleName } from '../../access/scopes/roles.js';
import { fieldGroupsOf } from '../../core/validation/field-groups.js';
import type { Media, RouteAnswer } from '../../core/wire/answers.js';
import { anyJsonOf } from '../../core/wire/any-json.js';
import { formOf, type FormRules } from '../../core/wire/form.js';
import { textOf } from '../../core/wire/text-body.js';
import type { ExampleValue } from '../../core/wire/examples.js';
import type { Class, Schema, Shape } from '../../core/wire/schema.js';
import { isIdempotent } from '../../core/wire/idempotent-routes.js';
import type { ClassSchemas } from './class-schemas.js';
import { assertBodyName, operationIdOf } from './names.js';
import { answerHeadersOf, HEADER_FIELDS, type HeaderName, refusalsOf } from './refusals.js';
import { bodyDtoOf, queryDtoOf, queryNamesOf } from '../../core/wire/request-parts.js';
import type { NamedExample } from './refusal-examples.js';
import { securityOf } from './security.js';
import { tagOf } from './tags.js';

/** An OpenAPI operation, with types for the fields that other code reads. */
export interface Operation {
  readonly operationId: string;
  readonly 'x-audience': Audience;
  readonly 'x-scope'?: string;
  readonly 'x-role'?: RoleName;
  readonly parameters?: readonly { readonly name?: string; readonly in?: string }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, Response>>;
  readonly [field: string]: unknown;
}
export interface Response {
  readonly $ref?: string;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, MediaContent>>;
}
/** A body of one media type. */
export interface MediaContent {
  readonly schema: Schema;
  readonly example?: ExampleValue;
  /** By error code. */
  readonly examples?: Readonly<Record<string, NamedExample>>;
}

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'Made.',
  204: 'No content',
  303: 'Go on there.',
  304: 'Nothing has changed.',
  410: 'It was there, and is no more.',
  503: 'Not now.',
};
const PARAMETER_CHARACTERS_MAX = 1_024;

/** Describes a route as an OpenAPI operation. */
export function operationOf(route: DeclaredRoute, answer: RouteAnswer, schemas: ClassSchemas): Operation {
  const { audience, scope, role } = route.policy!;
  const parameters = [...pathParameters(route), ...queryParameters(route, schemas)];
  if (isIdempotent(route.handler)) parameters.push({ $ref: '#/components/parameters/IdempotencyKey' });
  if (answer.refusals?.includes(412)) parameters.push({ $ref: '#/components/parameters/IfMatch' });
  if (audience === 'user') parameters.push({ $ref: '#/components/parameters/PageOrg' });
  return {
    operationId: operationIdOf(route),
    summary: answer.summary,
    ...(answer.description === undefined ? {} : { description: answer.description }),
    tags: [tagOf(route).name],
    'x-audience': audience,
    ...(scope === undefined ? {} : { 'x-scope': scope }),
    ...(role === undefined ? {} : { 'x-role': role }),
    security: securityOf(route),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...requestBodyOf(route, schemas),
    responses: responsesOf(route, answer, schemas),
  };
}

function pathParameters({ path }: DeclaredRoute): object[] {
  return parametersIn(path).map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', maxLength: PARAMETER_CHARACTERS_MAX },
  }));
}

function queryParameters(route: DeclaredRoute, schemas: ClassSchemas): object[] {
  const dto = queryDtoOf(route);
  const known = dto ? [...schemas.propertiesOf(dto, 'request')] : [];
  return [
    ...known.map(([name, { schema, isRequired }]) => {
      const { description, ...rest } = schema;
      return { name, in: 'query', ...(description ? { description } : {}), required: isRequired, schema: rest };
    }),
    ...queryNamesOf(route).map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
  ];
}

function requestBodyOf(route: DeclaredRoute, schemas: ClassSchemas): { requestBody?: object } {
  const form = formOf(route.handler);
  const anyJson = anyJsonOf(route.handler);
  if (anyJson !== undefined) {
    const description = `Any JSON of at most ${anyJson.bytesMax / 1024} KiB.`;
    return { requestBody: { description, required: false, content: { 'application/json': { schema: {} } } } };
  }
  const text = textOf(route.handler);
  if (text !== undefined) {
    const schema = schemas.resolve(text.shape, 'request');
    const content = Object.fromEntries(text.types.map((type) => [type, { schema }]));
    return { requestBody: { required: true, content } };
  }
  const dto = bodyDtoOf(route);
  if (form === undefined && dto === undefined) return {};
  if (dto !== undefined) assertBodyName(dto);
  // The server treats a missing body as an empty object.
  const isRequired = (type: Class) =>
    fieldGroupsOf(type).length > 0 ||
    [...schemas.propertiesOf(type, 'request').values()].some((field) => field.isRequired);
  const required = dto === undefined || isRequired(dto);
  const content = {
    ...(dto && { 'application/json': { schema: schemas.resolve(dto, 'request') } }),
    ...(form && { 'multipart/form-data': { schema: formSchema(form, schemas) } }),
  };
  return { requestBody: { required, content } };
}

/** Object parts need no `encoding`, because OpenAPI's default for them is JSON. */
function formSchema({ fields, fileBytesMax, filesMax = 1, fileTypes }: FormRules, schemas: ClassSchemas): Schema {
  const properties = fields === undefined ? [] : [...schemas.propertiesOf(fields, 'request')];
  const description = `At most ${fileBytesMax / 1024 / 1024} MiB, one of: ${fileTypes.join(', ')}.`;
  const file = { type: 'string', format: 'binary', description };
  return {
    type: 'object',
    required: ['file', ...properties.filter(([, { isRequired }]) => isRequired).map(([name]) => name)],
    properties: {
      file: filesMax === 1 ? file : { type: 'array', minItems: 1, maxItems: filesMax, items: file },
      ...Object.fromEntries(properties.map(([name, { schema }]) => [name, schema])),
    },
    additionalProperties: false,
  };
}

function responsesOf(route: DeclaredRoute, answer: RouteAnswer, schemas: ClassSchemas): Record<string, Response> {
  const { isCached = false } = answer;
  const refusals = Object.entries(refusalsOf(route, answer)).map(([status, name]): [string, Response] => [
    status,
    { $ref: `#/components/responses/${name}` },
  ]);
  const shapes = { ...answer.also, ...(isCached ? { 304: undefined } : {}), [answer.status]: answer.shape };
  const answers = Object.entries(shapes).map(([status, shape]): [string, Response] => {
    const headers = headerRefs(answerHeadersOf(route.policy!, Number(status), answer));
    const description = DESCRIPTIONS[Number(status)] ?? 'Done.';
    return [status, { description, headers, ...contentOf(shape, schemas) }];
  });
  return { ...Object.fromEntries([...refusals, ...answers]), default: { $ref: '#/components/responses/Other' } };
}

function contentOf(shape: Shape | Media | undefined, schemas: ClassSchemas): Pick<Response, 'content'> {
  if (shape === undefined) return {};
  if ('mediaType' in shape) return { content: { [(shape as Media).mediaType]: { schema: { type: 'string' } } } };
  return { content: { 'application/json': { schema: schemas.resolve(shape as Shape, 'response') } } };
}

export function headerRefs(names: readonly HeaderName[]): Record<string, { $ref: string }> {
  return Object.fromEntries(names.map((name) => [HEADER_FIELDS[name], { $ref: `#/components/headers/${name}` }]));
}
