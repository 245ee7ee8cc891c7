import { Body, Controller, Get, Post, UseGuards } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Answers } from '../../core/wire/answers.js';
import { Id } from '../../kit/crud/id.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { KeyImportDirectory } from '../../tenancy/key-imports/key-import-directory.js';
import {
  IMPORT_RULES,
  ImportedBatch,
  AddKeyImportDto,
  KeyImportList,
} from '../../tenancy/key-imports/key-imports.dto.js';
import { KeyImports } from '../../tenancy/key-imports/key-imports.service.js';
import { OrgOwnershipGuard } from '../../tenancy/orgs/org-ownership.guard.js';

/** Keys that a partner brings from another product for an org. */
@Controller('partner/v1/orgs/:orgId/api-keys')
@UseGuards(OrgOwnershipGuard)
export class PartnerKeyImportsController {
  constructor(
    private readonly imports: KeyImports,
    private readonly directory: KeyImportDirectory,
  ) {}

  @Post('import')
  @ForAudience('partner')
  @Answers(200, ImportedBatch, 'Import up to 1,000 API keys of an org', {
    refusals: [409],
    description: IMPORT_RULES,
  })
  @Idempotent()
  addBatch(@CurrentCaller() { actor }: Caller, @Id('orgId') orgId: string, @Body() dto: AddKeyImportDto) {
    return this.imports.import(actor, orgId, dto);
  }

  @Get('imports')
  @ForAudience('partner')
  @Answers(200, KeyImportList, "List imports of an org's API keys")
  list(@Id('orgId') orgId: string) {
    return this.directory.list(orgId);
  }
}
