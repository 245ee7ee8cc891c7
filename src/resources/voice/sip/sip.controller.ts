import { Body, Controller, Delete, Get, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import { SettingChanges } from '../../../kit/audit/setting-changes.js';
import { Answers, AnswersNothing } from '../../../core/wire/answers.js';
import { CreateInboundTrunkDto, InboundTrunk, NewInboundTrunk } from './inbound-trunk.dto.js';
import { InboundTrunks } from './inbound-trunks.service.js';
import { CreatedOutboundTrunk } from './outbound-trunk.entity.js';
import { kit } from './outbound-trunks.definition.js';
import { OutboundTrunks } from './outbound-trunks.service.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';
import { Audited } from '../../../kit/crud/audited.js';

class CreateOutboundTrunkDto extends kit.CreateDto {}

@Controller('phone/sip/inbound-trunk')
export class SipInboundTrunkController {
  constructor(
    private readonly trunks: InboundTrunks,
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
  @Answers(201, NewInboundTrunk, 'Create the inbound trunk', { refusals: [409] })
  @Idempotent()
  create(@CurrentCaller() caller: Caller, @Body() dto: CreateInboundTrunkDto) {
    const { principal } = caller;
    const create = () => this.trunks.create(principal, dto);
    return this.settings.watch(caller, this.trunks.audited(principal), create);
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
  @Answers(201, CreatedOutboundTrunk, 'Create an outbound trunk')
  @Idempotent()
  @Audited()
  create(@Body() dto: CreateOutboundTrunkDto, @CurrentPrincipal() principal: Principal) {
    return this.service.add(principal, dto);
  }
}
