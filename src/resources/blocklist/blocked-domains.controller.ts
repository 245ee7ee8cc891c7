import { Body, Controller, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireScope } from '../../access/decorators/route-policy.js';
import type { Principal } from '../../access/principal.js';
import { Answers } from '../../wire/answers.js';
import { BlockedDomains, kit } from './blocked-domains.service.js';
import { BlockDomainsDto, BlockedDomainsReport } from './blocklist.dto.js';

@Controller('blocklist/domains')
export class BlockedDomainsController extends kit.Controller {
  constructor(override readonly service: BlockedDomains) {
    super(service);
  }

  @Post()
  @RequireScope('blocklist', 'write')
  @Answers(200, BlockedDomainsReport, 'Block e-mail domains')
  block(@CurrentPrincipal() principal: Principal, @Body() dto: BlockDomainsDto): Promise<BlockedDomainsReport> {
    return this.service.block(principal, dto);
  }
}

export const blockedDomains = { ...kit, controllers: [BlockedDomainsController], providers: [BlockedDomains] };
