import { Body, Controller, Delete, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireScope } from '../../access/decorators/route-policy.js';
import type { Principal } from '../../access/principal.js';
import { principalOf } from '../../access/request.js';
import { sendJson } from '../../resource-kit/send-json.js';
import { Answers, AnswersNothing } from '../../wire/answers.js';
import { AddTeamUserDto, TeamDto } from './team.dto.js';
import { TeamUser } from './team-user.entity.js';
import { Team } from './team.entity.js';
import { kit, Teams } from './teams.service.js';

@Controller('teams')
export class TeamsController extends kit.Controller {
  constructor(override readonly service: Teams) {
    super(service);
  }

  @Post()
  @RequireScope('teams', 'write')
  @Answers(201, kit.Row, 'Create a team', { refusals: [409], once: true })
  async create(@Req() request: FastifyRequest, @Body() team: TeamDto, @Res() reply: FastifyReply) {
    const create = () => this.service.create(principalOf(request), team);
    sendJson(reply, await this.idempotency.once(request, create));
  }

  @Put(':id')
  @RequireScope('teams', 'write')
  @Answers(200, kit.Row, 'Replace a team', { refusals: [409] })
  async replace(
    @CurrentPrincipal() principal: Principal,
    @Param('id') id: string,
    @Body() team: TeamDto,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.service.update(principal, id, team));
  }

  @Post(':id/users')
  @RequireScope('teams', 'write')
  @Answers(200, kit.Row, 'Add a member to a team')
  async addUser(
    @CurrentPrincipal() principal: Principal,
    @Param('id') id: string,
    @Body() { user_id }: AddTeamUserDto,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.service.addUser(principal, id, user_id));
  }

  @Delete(':id/users/:user_id')
  @RequireScope('teams', 'write')
  @AnswersNothing('Take a member out of a team')
  removeUser(@CurrentPrincipal() principal: Principal, @Param('id') id: string, @Param('user_id') userId: string) {
    return this.service.removeUser(principal, id, userId);
  }
}

export const teams = { ...kit, entities: [Team, TeamUser], controllers: [TeamsController], providers: [Teams] };
