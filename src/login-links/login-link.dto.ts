import { ArrayMaxSize, IsArray, IsEmail, IsString } from 'class-validator';
import { Absentable, EMAIL_CHARACTERS_MAX, Text } from '../validation/decorators.js';
import { Field } from '../wire/field.js';
import { INSTANT, URI } from '../wire/schema.js';

/** `POST /partner/v1/orgs/:orgId/login-links` [seed 001]. Null means absent. */
export class CreateLoginLinkDto {
  @Text(3, EMAIL_CHARACTERS_MAX)
  @IsEmail()
  email: string;

  @Absentable()
  @Text(1, 200)
  name?: string | null;

  @Absentable()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  role_ids?: string[] | null;
}

export class UseLoginLinkDto {
  @Text(1, 200)
  token: string;
}

/** A new link: whoever has it first signs in. */
export class LoginLinkView {
  @Field(URI)
  url: string;

  @Field(INSTANT)
  expires_at: Date;
}
