import { Module } from '@nestjs/common';
import { CheckModule } from './check/check.module.js';
import { CredentialUseModule } from './credential-use/credential-use.module.js';
import { KeyHealthModule } from './health/key-health.module.js';
import { KeyNoticesModule } from './key-notices/key-notices.module.js';
import { KeyReportModule } from './key-report/key-report.module.js';
import { LeaksModule } from './leaks/leaks.module.js';
import { RequestLogModule } from './request-log/request-log.module.js';
import { RequestsModule } from './request-log/requests.module.js';
import { ScopeUseModule } from './scope-use/scope-use.module.js';

/** What happened to requests, and what keys need. */
@Module({
  imports: [
    RequestLogModule,
    RequestsModule,
    CheckModule,
    KeyHealthModule,
    KeyReportModule,
    KeyNoticesModule,
    ScopeUseModule,
    CredentialUseModule,
    LeaksModule,
  ],
})
export class InsightModule {}
