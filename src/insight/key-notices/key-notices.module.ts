import { Global, Module } from '@nestjs/common';
import { KeyNoticeResults } from '../../access/ports/key-notice-results.js';
import { MembersModule } from '../../tenancy/members/members.module.js';
import { KeyPoliciesModule } from '../../tenancy/key-policies/key-policies.module.js';
import { KeyDeadlines } from './key-deadlines.service.js';
import { KeyNoticeCounts } from './key-notice-counts.js';
import { KeyNotices } from './key-notices.service.js';
import { NoticeMails } from './notice-mails.service.js';
import { SuspensionWarnings } from './suspension-warnings.service.js';

/** Notices before keys expire, and about idle keys. Global, because the metrics read their counts. */
@Global()
@Module({
  imports: [MembersModule, KeyPoliciesModule],
  providers: [
    KeyNotices,
    KeyDeadlines,
    SuspensionWarnings,
    NoticeMails,
    KeyNoticeCounts,
    { provide: KeyNoticeResults, useExisting: KeyNoticeCounts },
  ],
  exports: [KeyNoticeResults],
})
export class KeyNoticesModule {}
