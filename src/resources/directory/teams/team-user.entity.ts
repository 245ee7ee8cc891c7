import { CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TIMESTAMP } from '../../../core/database/base.entity.js';
import { Member } from '../../../tenancy/members/member.entity.js';
import { Team } from './team.entity.js';

/** A member in a team. Leaving the org removes the member from its teams. */
@Entity('team_users')
@ForeignKey(() => Team, ['org_id', 'team_id'], ['org_id', 'id'], { name: 'team_users_team_fk', onDelete: 'CASCADE' })
@ForeignKey(() => Member, ['org_id', 'user_id'], ['org_id', 'user_id'], {
  name: 'team_users_user_fk',
  onDelete: 'CASCADE',
})
@Index('team_users_user', ['org_id', 'user_id'])
export class TeamUser {
  @PrimaryColumn('uuid')
  org_id: string;

  @PrimaryColumn('uuid')
  team_id: string;

  @PrimaryColumn('uuid')
  user_id: string;

  @CreateDateColumn(TIMESTAMP)
  created_at: Date;
}
