import { Global, Module } from '@nestjs/common';
import { KeyFindingCounts } from '../../access/ports/key-finding-counts.js';
import { OrgsModule } from '../../tenancy/orgs/orgs.module.js';
import { CountedFindings } from './counted-findings.js';
import { KeyActivityJob } from './key-activity.job.js';
import { KeyHealthController } from './key-health.controller.js';
import { KeyHealths } from './key-health.service.js';
import { KeyOverviewController } from './key-overview.controller.js';
import { KeyOverviews } from './key-overview.service.js';
import { PartnerKeyHealthController } from './partner-key-health.controller.js';

/** What keys are like: their usage, what they are denied, and what they call for. */
@Global()
@Module({
  imports: [OrgsModule],
  controllers: [KeyOverviewController, KeyHealthController, PartnerKeyHealthController],
  providers: [KeyOverviews, KeyHealths, KeyActivityJob, { provide: KeyFindingCounts, useClass: CountedFindings }],
  exports: [KeyFindingCounts],
})
export class KeyHealthModule {}
