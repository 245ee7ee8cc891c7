import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsObject, Matches } from 'class-validator';
import { check, NestedList, Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { ANY_OBJECT, BOOLEAN, listOf, mapOf, nullable, oneOf, type Schema, TEXT } from '../../../core/wire/schema.js';

export const REQUEST_TYPES = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type RequestType = (typeof REQUEST_TYPES)[number];
const PLACES = ['path', 'query', 'header', 'cookie'] as const;
const STYLES = ['simple', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject', 'matrix', 'label'] as const;

/** Limit of the payload as JSON. */
export const PAYLOAD_BYTES_MAX = 64 * 1024;
export const ENDPOINT_CHARACTERS_MAX = 2_048;
const PARAMETERS_MAX = 200;

/** A parameter object of OpenAPI 3.1. `style` and `explode` control how lists and objects are serialized. */
export class ActionParameter {
  @Text(1, 200)
  name: string;

  @IsIn(PLACES)
  in: (typeof PLACES)[number];

  @Optional()
  @Nullable()
  @Text(0, 10_000)
  description?: string | null;

  @Optional()
  @IsBoolean()
  required?: boolean;

  @Optional()
  @IsObject()
  schema?: object;

  @Optional()
  @IsIn(STYLES)
  style?: (typeof STYLES)[number];

  @Optional()
  @IsBoolean()
  explode?: boolean;
}

/** Request and responses of an API call: an OpenAPI 3.1 operation without references. */
export class ActionPayload {
  @Optional()
  @Text(1, ENDPOINT_CHARACTERS_MAX)
  base_url?: string;

  @Optional()
  @Text(1, ENDPOINT_CHARACTERS_MAX)
  path?: string;

  @Optional()
  @Matches(new RegExp(`^(${REQUEST_TYPES.join('|')})$`, 'i'), { message: '$property must be an HTTP method' })
  method?: string;

  @Optional()
  @Nullable()
  @Text(0, 1_000)
  operationId?: string | null;

  @Optional()
  @Nullable()
  @Text(0, 10_000)
  summary?: string | null;

  @Optional()
  @Nullable()
  @Text(0, PAYLOAD_BYTES_MAX)
  description?: string | null;

  @Optional()
  @NestedList(() => ActionParameter)
  @ArrayMaxSize(PARAMETERS_MAX)
  @IsArray()
  parameters?: ActionParameter[];

  /** `{description, required, content: {<media type>: {schema}}}` */
  @Optional()
  @Nullable()
  @IsObject()
  requestBody?: RequestBody | null;

  /** `{<status>: {description, content}}` */
  @Optional()
  @Nullable()
  @IsObject()
  responses?: object | null;
}

export interface RequestBody {
  readonly required?: unknown;
  readonly content?: unknown;
}

const PARAMETER: Schema = {
  type: 'object',
  required: ['name', 'in'],
  properties: {
    name: TEXT,
    in: oneOf(PLACES),
    description: nullable(TEXT),
    required: BOOLEAN,
    schema: ANY_OBJECT,
    style: oneOf(STYLES),
    explode: BOOLEAN,
  },
};
/** The payload in responses. */
export const PAYLOAD: Schema = {
  type: 'object',
  properties: {
    base_url: TEXT,
    path: TEXT,
    method: TEXT,
    operationId: nullable(TEXT),
    summary: nullable(TEXT),
    description: nullable(TEXT),
    parameters: listOf(PARAMETER),
    requestBody: nullable(ANY_OBJECT),
    responses: nullable(mapOf(ANY_OBJECT)),
  },
};

/** Limits the size of a row. */
export function IsPayloadSized(): PropertyDecorator {
  const isSized = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? '') <= PAYLOAD_BYTES_MAX;
  return check('payloadSized', isSized, `must be at most ${PAYLOAD_BYTES_MAX / 1024} KiB of JSON`, { schema: {} });
}
