import { Controller, Get, UseGuards } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { Answers } from '../../core/wire/answers.js';
import { Id } from '../../kit/crud/id.js';
import { OrgOwnershipGuard } from '../../tenancy/orgs/org-ownership.guard.js';
import { KeyExposures } from './key-exposure.dto.js';
import { ListedExposures } from './listed-exposures.js';

/** The same, for the org's partner. */
@Controller('partner/v1/orgs/:orgId/api-keys/:keyId/exposures')
@UseGuards(OrgOwnershipGuard)
export class PartnerKeyExposuresController {
  constructor(private readonly exposures: ListedExposures) {}

  @Get()
  @ForAudience('partner')
  @Answers(200, KeyExposures, 'List the places where an API key of an org was found in public')
  list(@Id('orgId') orgId: string, @Id('keyId') keyId: string) {
    return this.exposures.list(orgId, keyId);
  }
}
