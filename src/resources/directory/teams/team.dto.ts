import { IsBoolean } from 'class-validator';
import { Id, Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { Name } from '../../../core/validation/name.js';
import { Field } from '../../../core/wire/field.js';
import { EMAIL, UUID } from '../../../core/wire/schema.js';

/** The whole team, for POST and PUT. Omitted fields have their defaults. */
export class SaveTeamDto {
  @Name(100)
  name: string;

  @Optional()
  @Nullable()
  @Text(0, 500)
  description: string | null = null;

  @Optional()
  @IsBoolean()
  is_support_enabled: boolean = false;
}

export class AddTeamUserDto {
  @Id()
  user_id: string;
}

/** A member, as shown in a team. */
export class TeamUserView {
  @Field(UUID)
  id: string;

  @Field()
  name: string;

  @Field(EMAIL)
  email: string;
}
