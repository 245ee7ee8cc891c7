import { Global, Module } from '@nestjs/common';
import { AuditTrail } from './audit-trail.js';
import { Changes } from './changes.js';

@Global()
@Module({ providers: [Changes, AuditTrail], exports: [Changes, AuditTrail] })
export class AuditModule {}
