import { Id, Nullable, Optional, Text } from '../../validation/decorators.js';
import { Field, partOf } from '../../wire/field.js';
import { nullable, TEXT, URI } from '../../wire/schema.js';
import { Team } from '../teams/team.entity.js';

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
