import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { isUuid } from '../../../core/database/uuid-v7.js';
import { AppError } from '../../../core/errors/app-error.js';
import { defineResource } from '../../../kit/crud/define-resource.js';
import { listOf } from '../../../core/wire/schema.js';
import { TeamUserView } from './team.dto.js';
import { TeamUser } from './team-user.entity.js';
import { Team } from './team.entity.js';

const USERS = `
  SELECT coalesce(json_agg(json_build_object('id', members.user_id, 'name', members.name, 'email', users.email)
    ORDER BY team_users.created_at, members.user_id), '[]')
  FROM team_users
  JOIN members ON members.org_id = team_users.org_id AND members.user_id = team_users.user_id
  JOIN users ON users.id = members.account_id
  WHERE team_users.org_id = teams.org_id AND team_users.team_id = teams.id`;

export const kit = defineResource({
  path: 'teams',
  scope: 'teams',
  entity: Team,
  label: 'Team',
  audited: { type: 'team' },
  offers: ['list', 'read', 'delete'],
  computed: { users: { sql: USERS, shape: listOf(TeamUserView) } },
  unique: { teams_org_name: 'name' },
  references: { team_users_team_fk: 'Team', team_users_user_fk: 'User' },
});

@Injectable()
export class Teams extends kit.Service {
  /** Who is in it already stays. @throws AppError not_found (404) for the team or the user */
  async addUser(principal: Principal, teamId: string, userId: string): Promise<void> {
    if (!isUuid(teamId)) return this.notFound();
    if (!isUuid(userId)) throw new AppError('not_found', { what: 'User' });
    const values = { team_id: teamId, user_id: userId, org_id: principal.orgId };
    await this.refusing(() =>
      this.database.manager.createQueryBuilder().insert().into(TeamUser).values(values).orIgnore().execute(),
    );
  }

  /** @throws AppError not_found (404) for the team or the user */
  async removeUser(principal: Principal, teamId: string, userId: string): Promise<void> {
    if (isUuid(teamId) && isUuid(userId)) {
      const where = { team_id: teamId, user_id: userId, org_id: principal.orgId };
      if ((await this.database.manager.delete(TeamUser, where)).affected === 1) return;
    }
    await this.read(principal, teamId);
    throw new AppError('not_found', { what: 'User' });
  }
}
