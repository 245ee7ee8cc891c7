import { Controller, Get, UseGuards } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { Answers } from '../../core/wire/answers.js';
import { Id } from '../../kit/crud/id.js';
import { OrgOwnershipGuard } from '../../tenancy/orgs/org-ownership.guard.js';
import { KeyHealth } from './key-health.dto.js';
import { KeyHealths } from './key-health.service.js';

/** The same, for the org's partner. */
@Controller('partner/v1/orgs/:orgId/api-keys/:keyId/health')
@UseGuards(OrgOwnershipGuard)
export class PartnerKeyHealthController {
  constructor(private readonly healths: KeyHealths) {}

  @Get()
  @ForAudience('partner')
  @Answers(200, KeyHealth, "The health of an org's API key")
  read(@Id('orgId') orgId: string, @Id('keyId') keyId: string): Promise<KeyHealth> {
    return this.healths.read(orgId, keyId);
  }
}
