import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireScope } from '../../access/decorators/route-policy.js';
import type { Principal } from '../../access/principal.js';
import { BlockedDomains, kit } from './blocked-domains.service.js';
import { BlockDomainsDto } from './blocklist.dto.js';

@Controller('blocklist/domains')
export class BlockedDomainsController extends kit.Controller {
  constructor(override readonly service: BlockedDomains) {
    super(service);
  }

  @Post()
  @HttpCode(200)
  @RequireScope('blocklist', 'write')
  block(@CurrentPrincipal() principal: Principal, @Body() dto: BlockDomainsDto) {
    return this.service.block(principal, dto);
  }
}

export const blockedDomains = { ...kit, controllers: [BlockedDomainsController], providers: [BlockedDomains] };
