import { Global, Module } from '@nestjs/common';
import { AuditChains } from './audit-chains.js';
import { AuditTrail } from './audit-trail.js';
import { Changes } from './changes.js';

@Global()
@Module({ providers: [Changes, AuditChains, AuditTrail], exports: [Changes, AuditChains, AuditTrail] })
export class AuditModule {}
