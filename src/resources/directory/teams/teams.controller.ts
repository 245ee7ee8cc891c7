import { Body, Controller, Delete, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { principalOf } from '../../../access/principal/request.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers, AnswersNothing } from '../../../core/wire/answers.js';
import { AddTeamUserDto, SaveTeamDto } from './team.dto.js';
import { kit } from './teams.definition.js';
import { Teams } from './teams.service.js';

@Controller('teams')
export class TeamsController extends kit.Controller {
  constructor(override readonly service: Teams) {
    super(service);
  }

  @Post()
  @RequireScope('teams', 'write')
  @Answers(201, kit.Row, 'Create a team', { refusals: [409], once: true })
  async create(@Req() request: FastifyRequest, @Body() team: SaveTeamDto, @Res() reply: FastifyReply) {
    const create = () => this.service.create(principalOf(request), team);
    sendJson(reply, await this.idempotency.once(request, () => this.auditing(request, undefined, create)));
  }

  @Put(':id')
  @RequireScope('teams', 'write')
  @Answers(200, kit.Row, 'Replace a team', { refusals: [409] })
  async replace(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() team: SaveTeamDto,
    @Res() reply: FastifyReply,
  ) {
    const replace = () => this.service.update(principalOf(request), id, team);
    sendJson(reply, await this.auditing(request, id, replace));
  }

  @Post(':id/users')
  @RequireScope('teams', 'write')
  @Answers(200, kit.Row, 'Add a member to a team')
  async addUser(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() { user_id }: AddTeamUserDto,
    @Res() reply: FastifyReply,
  ) {
    const principal = principalOf(request);
    await this.auditing(request, id, () => this.service.addUser(principal, id, user_id));
    sendJson(reply, await this.service.read(principal, id));
  }

  @Delete(':id/users/:user_id')
  @RequireScope('teams', 'write')
  @AnswersNothing('Take a member out of a team')
  async removeUser(@Req() request: FastifyRequest, @Param('id') id: string, @Param('user_id') userId: string) {
    await this.auditing(request, id, () => this.service.removeUser(principalOf(request), id, userId));
  }
}
