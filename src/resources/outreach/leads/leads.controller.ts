import { Body, Controller, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../../access/decorators/current-principal.js';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import type { Principal } from '../../../access/principal/principal.js';
import { Answers } from '../../../core/wire/answers.js';
import { BULK_RULES, BulkResult } from '../../../kit/bulk-upsert/bulk-upsert.dto.js';
import { Idempotent } from '../../../kit/idempotency/idempotent.js';
import { UpsertLeadsDto } from './lead.dto.js';
import { kit } from './leads.definition.js';
import { Leads } from './leads.service.js';

@Controller('leads')
export class LeadsController extends kit.Controller {
  constructor(override readonly service: Leads) {
    super(service);
  }

  @Post('bulk')
  @RequireScope('leads', 'write')
  @Answers(200, BulkResult, 'Create or update up to 1,000 leads', { description: BULK_RULES })
  @Idempotent()
  upsert(@CurrentPrincipal() principal: Principal, @Body() { leads }: UpsertLeadsDto) {
    return this.service.upsert(principal, leads);
  }
}
