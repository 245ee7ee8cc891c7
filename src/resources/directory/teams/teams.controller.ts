import { Body, Controller, Delete, Post, Put } from '@nestjs/common';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { Answers, AnswersNothing } from '../../../core/wire/answers.js';
import { AddTeamUserDto, SaveTeamDto } from './team.dto.js';
import { kit } from './teams.definition.js';
import { Teams } from './teams.service.js';
import { Id } from '../../../kit/crud/id.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';
import { Audited } from '../../../kit/crud/audited.js';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import type { Principal } from '../../../access/principal/principal.js';

@Controller('teams')
export class TeamsController extends kit.Controller {
  constructor(override readonly service: Teams) {
    super(service);
  }

  @Post()
  @RequireScope('teams', 'write')
  @Answers(201, kit.Row, 'Create a team', { refusals: [409] })
  @Idempotent()
  @Audited()
  create(@CurrentPrincipal() principal: Principal, @Body() team: SaveTeamDto) {
    return this.service.create(principal, team);
  }

  @Put(':id')
  @RequireScope('teams', 'write')
  @Answers(200, kit.Row, 'Replace a team', { refusals: [409] })
  @Audited()
  replace(@CurrentPrincipal() principal: Principal, @Id() id: string, @Body() team: SaveTeamDto) {
    return this.service.update(principal, id, team);
  }

  @Post(':id/users')
  @RequireScope('teams', 'write')
  @Answers(200, kit.Row, 'Add a member to a team')
  @Audited()
  async addUser(@CurrentPrincipal() principal: Principal, @Id() id: string, @Body() { user_id }: AddTeamUserDto) {
    await this.service.addUser(principal, id, user_id);
    return this.service.read(principal, id);
  }

  @Delete(':id/users/:user_id')
  @RequireScope('teams', 'write')
  @AnswersNothing('Take a member out of a team')
  @Audited()
  async removeUser(@CurrentPrincipal() principal: Principal, @Id() id: string, @Id('user_id') userId: string) {
    await this.service.removeUser(principal, id, userId);
  }
}
