import { Global, Module } from '@nestjs/common';
import { AuditChains } from './audit-chains.js';
import { AuditTrail } from './audit-trail.js';
import { Changes } from './changes.js';
import { SettingChanges } from './setting-changes.js';

@Global()
@Module({
  providers: [Changes, SettingChanges, AuditChains, AuditTrail],
  exports: [Changes, SettingChanges, AuditChains, AuditTrail],
})
export class AuditModule {}
