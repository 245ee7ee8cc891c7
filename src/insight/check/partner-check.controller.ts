import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { Answers } from '../../core/wire/answers.js';
import { Id } from '../../kit/crud/id.js';
import { OrgOwnershipGuard } from '../../tenancy/orgs/org-ownership.guard.js';
import { CheckRequestDto, CheckView } from './check.dto.js';
import { KeyChecks } from './key-checks.service.js';

/** What the guards would answer to a key of a partner's org. */
@Controller('partner/v1/orgs/:orgId/api-keys')
@UseGuards(OrgOwnershipGuard)
export class PartnerCheckController {
  constructor(private readonly checks: KeyChecks) {}

  @Post(':keyId/check')
  @ForAudience('partner')
  @Answers(200, CheckView, "Check what an org's API key may send")
  ask(@Id('orgId') orgId: string, @Id('keyId') keyId: string, @Body() dto: CheckRequestDto): Promise<CheckView> {
    return this.checks.checkOfOrg(orgId, keyId, dto);
  }
}
