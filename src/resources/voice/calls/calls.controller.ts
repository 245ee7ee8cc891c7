import { Body, Controller, Get, Param, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers } from '../../../core/wire/answers.js';
import { CreateCallDto, UpdateCallDto } from './call.dto.js';
import { Call, WholeCall } from './call.entity.js';
import { kit } from './calls.definition.js';
import { Calls } from './calls.service.js';

@Controller('calls')
export class CallsController extends kit.Controller {
  constructor(override readonly service: Calls) {
    super(service);
  }

  @Get(':id')
  @RequireScope('calls', 'read')
  @Answers(200, WholeCall, 'Get a call with its transcript')
  async read(@CurrentPrincipal() principal: Principal, @Param('id') id: string, @Res() reply: FastifyReply) {
    sendJson(reply, await this.service.read(principal, id));
  }

  @Post()
  @RequireScope('calls', 'write')
  @Answers(201, Call, 'Record a call that took place', { refusals: [404], once: true })
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body() dto: CreateCallDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.idempotency.once(request, () => this.service.add(principal, dto)));
  }

  @Patch(':id')
  @RequireScope('calls', 'write')
  @Answers(200, WholeCall, 'Sum up, tag or judge a call')
  async update(
    @CurrentPrincipal() principal: Principal,
    @Param('id') id: string,
    @Body() dto: UpdateCallDto,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.service.change(principal, id, dto));
  }
}
