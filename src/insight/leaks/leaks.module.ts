import { Module } from '@nestjs/common';
import { KeyImportsModule } from '../../tenancy/key-imports/key-imports.module.js';
import { MembersModule } from '../../tenancy/members/members.module.js';
import { OrgsModule } from '../../tenancy/orgs/orgs.module.js';
import { SigningKeysModule } from '../../tenancy/signing-keys/signing-keys.module.js';
import { Exposures } from './exposures.service.js';
import { GithubKeys } from './github-keys.js';
import { GithubReportsController } from './github-reports.controller.js';
import { GithubReports } from './github-reports.service.js';
import { KeyExposuresController } from './key-exposures.controller.js';
import { ListedExposures } from './listed-exposures.js';
import { PartnerKeyExposuresController } from './partner-key-exposures.controller.js';
import { ReportedCredentials } from './reported-credentials.js';
import { RevocationRequests } from './revocation-requests.service.js';
import { ExposedCredentialsController } from './exposed-credentials.controller.js';

/** Credentials that were found in public: reports of them, and what follows. */
@Module({
  imports: [KeyImportsModule, MembersModule, OrgsModule, SigningKeysModule],
  controllers: [
    GithubReportsController,
    ExposedCredentialsController,
    KeyExposuresController,
    PartnerKeyExposuresController,
  ],
  providers: [Exposures, GithubKeys, GithubReports, ListedExposures, ReportedCredentials, RevocationRequests],
})
export class LeaksModule {}
