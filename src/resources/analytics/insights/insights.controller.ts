import { Body, Controller, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers } from '../../../core/wire/answers.js';
import { ArchiveInsightDto, AssignInsightDto } from './insight.dto.js';
import { kit } from './insights.definition.js';
import { Insights } from './insights.service.js';

@Controller('insights')
export class InsightsController extends kit.Controller {
  constructor(override readonly service: Insights) {
    super(service);
  }

  @Post(':id/resolve')
  @RequireScope('insights', 'write')
  @Answers(200, kit.Row, 'Resolve an insight')
  async resolve(@CurrentPrincipal() principal: Principal, @Param('id') id: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.service.resolve(principal, id));
  }

  @Post(':id/unresolve')
  @RequireScope('insights', 'write')
  @Answers(200, kit.Row, 'Take an insight back to unresolved')
  async unresolve(@CurrentPrincipal() principal: Principal, @Param('id') id: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.service.unresolve(principal, id));
  }

  @Post(':id/archive')
  @RequireScope('insights', 'write')
  @Answers(200, kit.Row, 'Archive an insight')
  async archive(
    @CurrentPrincipal() principal: Principal,
    @Param('id') id: string,
    @Body() { reason }: ArchiveInsightDto,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.service.archive(principal, id, reason));
  }

  @Post(':id/assign')
  @RequireScope('insights', 'write')
  @Answers(200, kit.Row, 'Give an insight to a team')
  async assign(
    @CurrentPrincipal() principal: Principal,
    @Param('id') id: string,
    @Body() { team_id }: AssignInsightDto,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.service.assign(principal, id, team_id));
  }
}
