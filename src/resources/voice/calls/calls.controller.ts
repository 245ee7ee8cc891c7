import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { Answers } from '../../../core/wire/answers.js';
import { CreateCallDto, UpdateCallDto } from './call.dto.js';
import { Call, WholeCall } from './call.entity.js';
import { kit } from './calls.definition.js';
import { Calls } from './calls.service.js';
import { Id } from '../../../kit/crud/id.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';

@Controller('calls')
export class CallsController extends kit.Controller {
  constructor(override readonly service: Calls) {
    super(service);
  }

  @Get(':id')
  @RequireScope('calls', 'read')
  @Answers(200, WholeCall, 'Get a call with its transcript')
  read(@CurrentPrincipal() principal: Principal, @Id() id: string) {
    return this.service.read(principal, id);
  }

  @Post()
  @RequireScope('calls', 'write')
  @Answers(201, Call, 'Record a past call', { refusals: [404] })
  @Idempotent()
  create(@CurrentPrincipal() principal: Principal, @Body() dto: CreateCallDto) {
    return this.service.add(principal, dto);
  }

  @Patch(':id')
  @RequireScope('calls', 'write')
  @Answers(200, WholeCall, 'Update the summary, tags or status of a call')
  update(@CurrentPrincipal() principal: Principal, @Id() id: string, @Body() dto: UpdateCallDto) {
    return this.service.change(principal, id, dto);
  }
}
