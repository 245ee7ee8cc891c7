import { RoleView } from '../orgs/role-view.dto.js';
import { Absentable, Id, Optional } from '../validation/decorators.js';
import { Name } from '../validation/name.js';
import { IsEmailAddress } from '../validation/field-types.js';
import { Field } from '../wire/field.js';
import { EMAIL, INSTANT, TEXT, UUID } from '../wire/schema.js';

export class AddMemberDto {
  @IsEmailAddress()
  email: string;

  /** By default the part of the e-mail address before the @. */
  @Absentable()
  @Name(200)
  name?: string | null;

  @Id()
  role_id: string;
}

export class UpdateMemberDto {
  @Optional()
  @Id()
  role_id?: string;
}

export class MemberView {
  @Field(UUID)
  user_id: string;

  @Field(EMAIL)
  email: string;

  @Field(TEXT)
  name: string;

  @Field()
  role: RoleView;

  @Field(INSTANT)
  created_at: string;
}
