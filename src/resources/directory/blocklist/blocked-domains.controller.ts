import { Body, Controller, Post } from '@nestjs/common';
import { RequireScope } from '../../../access/decorators/require-scope.js';
import { type Caller, CurrentCaller } from '../../../kit/audit/actor.js';
import type { Wire } from '../../../core/wire/wire-json.js';
import { Answers } from '../../../core/wire/answers.js';
import { kit } from './blocked-domains.definition.js';
import { BlockedDomains } from './blocked-domains.service.js';
import { BlockDomainsDto, BlockedDomainsReport } from './blocklist.dto.js';

@Controller('blocklist/domains')
export class BlockedDomainsController extends kit.Controller {
  constructor(override readonly service: BlockedDomains) {
    super(service);
  }

  @Post()
  @RequireScope('blocklist', 'write')
  @Answers(200, BlockedDomainsReport, 'Block e-mail domains')
  block(@CurrentCaller() caller: Caller, @Body() dto: BlockDomainsDto): Promise<Wire<BlockedDomainsReport>> {
    return this.service.block(caller, dto);
  }
}
