import { Module } from '@nestjs/common';
import { MembersModule } from '../../tenancy/members/members.module.js';
import { KeyReports } from './key-reports.service.js';

/** The weekly mail to Owners about their API keys. */
@Module({ imports: [MembersModule], providers: [KeyReports] })
export class KeyReportModule {}
