import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const TEAM = { name: 'Group bookings', description: 'Requests for 20 guests or more.', is_support_enabled: true };

export const teamExamples = defineExamples({
  schemas: {
    Team: { id: IDS.team, ...TEAM },
    SaveTeamDto: TEAM,
    TeamUserView: { id: IDS.user, name: 'Maya Okafor', email: 'maya@harbourtours.example' },
    AddTeamUserDto: { user_id: IDS.user },
    TeamInSession: { id: IDS.team, name: TEAM.name, description: TEAM.description },
  },
  paths: { '/teams/{id}': IDS.team, '/teams/{id}/users/{user_id}': IDS.user },
  operations: {
    'teams.create': { response: { users: [] } },
    'teams.replace': { body: { description: 'Requests for 15 guests or more.' } },
  },
});
