import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../access/principal/principal.js';
import { notFound } from '../../../core/errors/core-errors.js';
import { TeamUser } from './team-user.entity.js';
import { kit } from './teams.definition.js';

@Injectable()
export class Teams extends kit.Service {
  /** Idempotent. @throws AppError not_found (404) for the team or the user */
  async addUser(principal: Principal, teamId: string, userId: string): Promise<void> {
    const values = { team_id: teamId, user_id: userId, org_id: principal.orgId };
    await this.mapConstraintErrors(() =>
      this.database.manager.createQueryBuilder().insert().into(TeamUser).values(values).orIgnore().execute(),
    );
  }

  /** @throws AppError not_found (404) for the team or the user */
  async removeUser(principal: Principal, teamId: string, userId: string): Promise<void> {
    const where = { team_id: teamId, user_id: userId, org_id: principal.orgId };
    if ((await this.database.manager.delete(TeamUser, where)).affected === 1) return;
    await this.read(principal, teamId);
    throw notFound('User');
  }
}
