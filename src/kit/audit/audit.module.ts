import { Global, Module } from '@nestjs/common';
import { AuditChains } from './audit-chains.js';
import { AuditHeadsLog } from './audit-heads-log.js';
import { AuditKeyMaker } from './audit-key-maker.js';
import { AuditKeys } from './audit-keys.js';
import { AuditTrail } from './audit-trail.js';
import { Changes } from './changes.js';
import { SettingChanges } from './setting-changes.js';

const PROVIDERS = [Changes, SettingChanges, AuditChains, AuditKeys, AuditKeyMaker, AuditTrail];

@Global()
@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class AuditModule {}

/** For processes that do jobs. */
@Module({ providers: [AuditHeadsLog] })
export class AuditHeadsModule {}
