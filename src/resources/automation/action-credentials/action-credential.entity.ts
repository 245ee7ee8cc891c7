import { IsIn, Matches } from 'class-validator';
import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { OrgRow } from '../../../core/database/base.entity.js';
import { Org } from '../../../tenancy/orgs/org.entity.js';
import { check, Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { About, Field } from '../../../core/wire/field.js';
import { oneOf, URI } from '../../../core/wire/schema.js';

export const CREDENTIAL_TYPES = ['bearer', 'basic', 'header', 'query'] as const;
export type CredentialType = (typeof CREDENTIAL_TYPES)[number];

/** Short ones would be masked in answers that only contain the same letters. */
export const SECRET_CHARACTERS_MIN = 4;

/** A secret that actions send to one origin. */
@Entity('action_credentials')
@Index('action_credentials_org_name', ['org_id', 'name'], { unique: true })
export class ActionCredential extends OrgRow {
  @ForeignKey(() => Org, { name: 'action_credentials_org_fk' })
  override org_id: string;

  @About('Unique within the org.')
  @Column('text')
  @Name(100)
  name: string;

  @About('`bearer` and `basic` are sent as Authorization, `header` and `query` in the one that `parameter` names.')
  @Column('text')
  @IsIn(CREDENTIAL_TYPES)
  @Field(oneOf(CREDENTIAL_TYPES))
  type: CredentialType;

  @About('Name of the header or query parameter. Null for `bearer` and `basic`.')
  @Column('text', { nullable: true })
  @Text(1, 200)
  parameter: string | null;

  @About('The only origin that the secret is sent to, such as `https://api.example.com`.')
  @Column('text')
  @IsOrigin()
  @Text(1, 300)
  origin: string;

  @About('The token or value; for `basic`, `username:password`. Stored encrypted, and in no answer.')
  @Column('bytea', { select: false })
  @Matches(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, { message: '$property must be printable ASCII characters' })
  @Text(SECRET_CHARACTERS_MIN, 4_096)
  secret: string | Buffer;
}

function IsOrigin(): PropertyDecorator {
  const isOrigin = (value: unknown) =>
    typeof value === 'string' && /^https?:/.test(value) && URL.parse(value)?.origin === value;
  return check('origin', isOrigin, 'must be an origin, such as https://api.example.com', { schema: URI });
}
