import { IsBoolean, IsString } from 'class-validator';
import { Nullable, Optional, Text } from '../../validation/decorators.js';

/** The whole team, for POST and PUT: what is left out has its default. */
export class TeamDto {
  @Text(1, 100)
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
  @IsString()
  user_id: string;
}
