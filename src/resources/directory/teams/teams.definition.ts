import { defineCrud } from '../../../kit/crud/define-crud.js';
import { listOf } from '../../../core/wire/schema.js';
import { TeamUserView } from './team.dto.js';
import { Team } from './team.entity.js';

const USERS = `
  SELECT coalesce(json_agg(json_build_object('id', members.user_id, 'name', members.name, 'email', users.email)
    ORDER BY team_users.created_at, members.user_id), '[]')
  FROM team_users
  JOIN members ON members.org_id = team_users.org_id AND members.user_id = team_users.user_id
  JOIN users ON users.id = members.account_id
  WHERE team_users.org_id = teams.org_id AND team_users.team_id = teams.id`;

export const kit = defineCrud({
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
