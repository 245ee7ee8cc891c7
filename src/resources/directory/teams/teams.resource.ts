import { defineResource } from '../../../kit/crud/define-resource.js';
import { TeamUser } from './team-user.entity.js';
import { TeamsController } from './teams.controller.js';
import { kit } from './teams.definition.js';
import { Teams } from './teams.service.js';

export const teams = defineResource({
  ...kit.definition,
  service: Teams,
  controller: TeamsController,
  entities: [TeamUser],
});
