import { Body, Controller, Delete, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { principalOf } from '../../../access/principal/request.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { SettingChanges } from '../../../kit/audit/setting-changes.js';
import { Idempotency } from '../../../kit/idempotency/idempotency.js';
import { sendJson } from '../../../kit/crud/send-json.js';
import { Answers, AnswersNothing } from '../../../core/wire/answers.js';
import { CreateInboundTrunkDto, InboundTrunk, NewInboundTrunk } from './inbound-trunk.dto.js';
import { InboundTrunks } from './inbound-trunks.service.js';
import { CreatedOutboundTrunk } from './outbound-trunk.entity.js';
import { kit } from './outbound-trunks.definition.js';
import { OutboundTrunks } from './outbound-trunks.service.js';

class CreateOutboundTrunkDto extends kit.CreateDto {}

@Controller('phone/sip/inbound-trunk')
export class SipInboundTrunkController {
  constructor(
    private readonly trunks: InboundTrunks,
    private readonly idempotency: Idempotency,
    private readonly settings: SettingChanges,
  ) {}

  @Get()
  @RequireScope('sip', 'read')
  @Answers(200, InboundTrunk, 'Get the inbound trunk', { refusals: [404] })
  read(@CurrentPrincipal() principal: Principal): Promise<InboundTrunk> {
    return this.trunks.read(principal);
  }

  @Post()
  @RequireScope('sip', 'write')
  @Answers(201, NewInboundTrunk, 'Create the inbound trunk', { refusals: [409], once: true })
  create(@CurrentCaller() caller: Caller, @Body() dto: CreateInboundTrunkDto, @Req() request: FastifyRequest) {
    const { principal } = caller;
    const create = () => this.trunks.create(principal, dto);
    return this.idempotency.once(request, () => this.settings.watch(caller, this.trunks.audited(principal), create));
  }

  @Delete()
  @RequireScope('sip', 'write')
  @AnswersNothing('Delete the inbound trunk', { refusals: [404] })
  async delete(@CurrentCaller() caller: Caller): Promise<void> {
    const { principal } = caller;
    await this.settings.watch(caller, this.trunks.audited(principal), () => this.trunks.delete(principal));
  }
}

@Controller('phone/sip/outbound-trunks')
export class SipOutboundTrunksController extends kit.Controller {
  constructor(override readonly service: OutboundTrunks) {
    super(service);
  }

  @Post()
  @RequireScope('sip', 'write')
  @Answers(201, CreatedOutboundTrunk, 'Create an outbound trunk', { once: true })
  async create(@Body() dto: CreateOutboundTrunkDto, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const create = () => this.service.create(principalOf(request), dto);
    sendJson(reply, await this.idempotency.once(request, () => this.auditing(request, undefined, create)));
  }
}
