import { Field } from '../../core/wire/field.js';
import { BOOLEAN, INTEGER, listOf, mapOf, TEXT, UUID } from '../../core/wire/schema.js';
import { Optional } from '../../core/validation/decorators.js';

/** The form of RFC 7662 section 2.1, with the context of the request that presented the token. */
export class IntrospectDto {
  @Field(TEXT)
  token: string;

  @Optional()
  @Field({ ...TEXT, description: 'Has no effect.' })
  token_type_hint?: string;

  @Optional()
  @Field({ ...TEXT, description: "The client's address. Without it, keys with allowed addresses are inactive." })
  ip?: string;

  @Optional()
  @Field({ ...TEXT, description: 'The Origin header.' })
  origin?: string;
}

/** The answer of RFC 7662 section 2.2. Of an invalid token only `active`. */
export class IntrospectionView {
  @Field(BOOLEAN)
  active: boolean;

  @Optional()
  @Field({ ...TEXT, description: "The key's scopes of this service, separated by spaces." })
  scope?: string;

  @Optional()
  @Field({ ...UUID, description: 'The id of the key.' })
  client_id?: string;

  @Optional()
  @Field({ ...UUID, description: 'The id of its org.' })
  sub?: string;

  @Optional()
  @Field({ ...TEXT, description: "The manager's own id of the key; absent if it has none." })
  external_id?: string;

  @Optional()
  @Field({ ...listOf(TEXT), description: "The manager's own words for the key." })
  tags?: readonly string[];

  @Optional()
  @Field({ ...mapOf(TEXT), description: "The manager's own facts about the key." })
  metadata?: Readonly<Record<string, string>>;

  @Optional()
  @Field({ ...INTEGER, description: 'Seconds since the epoch; absent if it does not expire.' })
  exp?: number;

  @Optional()
  @Field({ ...INTEGER, description: 'Seconds since the epoch.' })
  iat?: number;

  @Optional()
  @Field(TEXT)
  iss?: string;

  @Optional()
  @Field({ ...TEXT, description: 'The slug of the service.' })
  aud?: string;

  @Optional()
  @Field({ ...TEXT, const: 'Bearer' })
  token_type?: string;
}
