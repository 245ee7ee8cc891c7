import { Global, Module } from '@nestjs/common';
import { AuditExportStates } from '../../../access/ports/audit-export-states.js';
import { AuditExports } from './audit-exports.js';

/** For processes that do jobs. */
@Global()
@Module({
  providers: [AuditExports, { provide: AuditExportStates, useExisting: AuditExports }],
  exports: [AuditExportStates],
})
export class AuditExportModule {}
