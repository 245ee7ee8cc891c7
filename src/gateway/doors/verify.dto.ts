import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsObject, Matches } from 'class-validator';
import { Absentable, Nested, NestedList, Optional, Text } from '../../core/validation/decorators.js';
import { IsJsonObject } from '../../core/validation/field-types.js';
import { About, Field } from '../../core/wire/field.js';
import { ANY_OBJECT, BOOLEAN, INTEGER, listOf, mapOf, nullable, oneOf, TEXT, UUID } from '../../core/wire/schema.js';

const HEADER_CHARACTERS_MAX = 8_192;
const HEADERS_BYTES_MAX = 65_536;
const PATH_CHARACTERS_MAX = 16_384;
export const BATCH_MAX = 100;

/** A bearer token, a key with its secret, or the headers that the caller sent. */
export class VerifiedCredential {
  @Optional()
  @Text(1, HEADER_CHARACTERS_MAX)
  bearer?: string;

  @Optional()
  @Text(1, HEADER_CHARACTERS_MAX)
  api_key?: string;

  @Optional()
  @Text(1, HEADER_CHARACTERS_MAX)
  api_secret?: string;

  @About(
    'As the client sent them, in any case. Only Authorization, X-API-Key, X-API-Secret, Origin and Referer are read.',
  )
  @Optional()
  @IsJsonObject(HEADERS_BYTES_MAX)
  headers?: Readonly<Record<string, unknown>>;
}

/** A request to a service, as the service describes it. */
export class VerifyRequestDto {
  @Nested(() => VerifiedCredential)
  @IsObject()
  credential: VerifiedCredential;

  @About('Together with `path`: what the route needs that the service declared for them.')
  @Optional()
  @Matches(/^[A-Z-]{1,32}$/, { message: 'method must be a method such as GET' })
  method?: string;

  @About('As the client sent it, with or without its query.')
  @Optional()
  @Text(1, PATH_CHARACTERS_MAX)
  path?: string;

  @About('A scope of the service, besides what the route needs.')
  @Optional()
  @Text(1, 200)
  scope?: string;

  @About("The client's address. Without it, keys with allowed addresses are refused.")
  @Absentable()
  @Text(1, 100)
  ip?: string | null;

  @About('The Origin header, or else the Referer.')
  @Absentable()
  @Text(1, HEADER_CHARACTERS_MAX)
  origin?: string | null;

  @About('False: the rate limits are looked at, not charged. Default: true.')
  @Optional()
  @IsBoolean()
  charge?: boolean;
}

export class VerifyRequestsDto {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(BATCH_MAX)
  @NestedList(() => VerifyRequestDto)
  items: VerifyRequestDto[];
}

export const VERDICT_CODES = [
  'valid',
  'unauthorized',
  'ip_not_allowed',
  'origin_not_allowed',
  'partner_inactive',
  'service_suspended',
  'rate_limited',
  'scope_missing',
  'no_route',
  'ambiguous_path',
  'verification_busy',
] as const;
export type VerdictCode = (typeof VERDICT_CODES)[number];

/** As a route of this server would answer. */
class VerdictBody {
  @Field(INTEGER)
  statusCode: number;

  @Field(TEXT)
  message: string;

  @Optional()
  @Field({ ...TEXT, description: 'The reason phrase of 401.' })
  error?: string;

  @Optional()
  @Field(TEXT)
  code?: string;

  @Optional()
  @Field(listOf(ANY_OBJECT))
  errors?: object[];
}

class VerdictKey {
  @Field(UUID)
  id: string;

  @Field(TEXT)
  name: string;

  @Field(TEXT)
  kind: string;

  @Field({ ...nullable(TEXT), description: "The manager's own id of the key." })
  external_id: string | null;

  @Field({ ...listOf(TEXT), description: "The manager's own words for the key." })
  tags: readonly string[];

  @Field({ ...mapOf(TEXT), description: "The manager's own facts about the key." })
  metadata: Readonly<Record<string, string>>;
}

class VerdictOrg {
  @Field(UUID)
  id: string;

  @Field(nullable(TEXT))
  external_id: string | null;
}

class VerdictPartner {
  @Field(UUID)
  id: string;

  @Field(nullable(TEXT))
  name: string | null;
}

class VerdictLimit {
  @Field(TEXT)
  name: string;

  @Field(INTEGER)
  limit: number;

  @Field(INTEGER)
  remaining: number;

  @Field(INTEGER)
  reset_seconds: number;
}

/** Whether a request may pass, and the answer that its client should get if it may not. */
export class VerdictView {
  @Field(BOOLEAN)
  valid: boolean;

  @Field(oneOf(VERDICT_CODES))
  code: VerdictCode;

  @Field({ ...INTEGER, description: 'The status to answer; 200 if the request may pass.' })
  status: number;

  @Field(TEXT)
  message: string;

  @About('To answer; null if the request may pass.')
  @Field(nullable(VerdictBody))
  body: object | null;

  @Field({ ...mapOf(TEXT), description: 'The headers to answer with, also if the request may pass.' })
  headers: Readonly<Record<string, string>>;

  @Field(nullable(VerdictKey))
  key: VerdictKey | null;

  @Field(nullable(VerdictOrg))
  org: VerdictOrg | null;

  @Field(nullable(VerdictPartner))
  partner: VerdictPartner | null;

  @Field({ ...listOf(TEXT), description: "The key's scopes of this service." })
  scopes: readonly string[];

  @Field(listOf(VerdictLimit))
  rate_limit: VerdictLimit[];

  @Field(TEXT)
  request_id: string;
}

export class VerdictsView {
  @Field({ ...listOf(VerdictView), description: 'In the order of the request.' })
  items: VerdictView[];
}
