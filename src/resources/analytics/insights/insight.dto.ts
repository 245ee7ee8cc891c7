import { Id, Nullable, Optional, Text } from '../../../core/validation/decorators.js';
import { Field, partOf } from '../../../core/wire/field.js';
import { nullable, TEXT, URI } from '../../../core/wire/schema.js';
import { Team } from '../../directory/teams/team.entity.js';

export class InsightResolver {
  @Field()
  name: string;

  @Field(nullable(URI))
  avatar_url: string | null;
}

export class InsightArchiver extends InsightResolver {
  @Field(nullable(TEXT))
  reason: string | null;
}

export class InsightTeam extends partOf(Team, 'id', 'name') {}

export class ArchiveInsightDto {
  @Optional()
  @Nullable()
  @Text(0, 500)
  reason: string | null = null;
}

export class AssignInsightDto {
  @Nullable()
  @Id()
  team_id: string | null;
}
