import { Body, Controller, Delete, Get, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireScope } from '../../access/decorators/route-policy.js';
import type { Principal } from '../../access/principal.js';
import { Idempotency } from '../../idempotency/idempotency.js';
import { createDtoOf } from '../../resource-kit/dto.js';
import { sendJson } from '../../resource-kit/send-json.js';
import { Answers, AnswersNothing } from '../../wire/answers.js';
import { CreateInboundTrunkDto, InboundTrunk, NewInboundTrunk } from './inbound-trunk.dto.js';
import { SipInboundTrunk } from './inbound-trunk.entity.js';
import { InboundTrunks } from './inbound-trunks.service.js';
import { CreatedOutboundTrunk, SipOutboundTrunk } from './outbound-trunk.entity.js';
import { definition, kit, OutboundTrunks } from './outbound-trunks.service.js';

class CreateOutboundTrunkDto extends createDtoOf(definition) {}

@Controller('phone/sip/inbound-trunk')
export class SipInboundTrunkController {
  constructor(
    private readonly trunks: InboundTrunks,
    private readonly idempotency: Idempotency,
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
  create(@CurrentPrincipal() principal: Principal, @Body() dto: CreateInboundTrunkDto, @Req() request: FastifyRequest) {
    return this.idempotency.once(request, () => this.trunks.create(principal, dto));
  }

  @Delete()
  @RequireScope('sip', 'write')
  @AnswersNothing('Delete the inbound trunk', { refusals: [404] })
  delete(@CurrentPrincipal() principal: Principal): Promise<void> {
    return this.trunks.delete(principal);
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
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body() dto: CreateOutboundTrunkDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    sendJson(reply, await this.idempotency.once(request, () => this.service.create(principal, dto)));
  }
}

export const sip = {
  entities: [SipInboundTrunk, SipOutboundTrunk],
  controllers: [SipInboundTrunkController, SipOutboundTrunksController],
  providers: [InboundTrunks, OutboundTrunks],
};
