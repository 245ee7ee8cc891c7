import { RoleView } from '../orgs/role-view.dto.js';
import { Absentable, Id, Optional } from '../../core/validation/decorators.js';
import { Name } from '../../core/validation/name.js';
import { IsEmailAddress } from '../../core/validation/field-types.js';
import { Field } from '../../core/wire/field.js';
import { EMAIL, INSTANT, TEXT, UUID } from '../../core/wire/schema.js';

export class AddMemberDto {
  @IsEmailAddress()
  email: string;

  /** Default: the part of the e-mail address before the @. */
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
