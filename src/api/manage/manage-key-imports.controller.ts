import { Body, Controller, Get, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { Answers } from '../../core/wire/answers.js';
import { Idempotent } from '../../kit/idempotency/idempotent.js';
import { KeyImportDirectory } from '../../tenancy/key-imports/key-import-directory.js';
import {
  IMPORT_RULES,
  ImportedBatch,
  AddKeyImportDto,
  KeyImportList,
} from '../../tenancy/key-imports/key-imports.dto.js';
import { KeyImports } from '../../tenancy/key-imports/key-imports.service.js';

/** Keys that the org brings from another product. */
@Controller('manage/v1/api-keys')
export class ManageKeyImportsController {
  constructor(
    private readonly imports: KeyImports,
    private readonly directory: KeyImportDirectory,
  ) {}

  @Post('import')
  @RequireRole('Admin')
  @Answers(200, ImportedBatch, 'Import up to 1,000 API keys', { refusals: [409], description: IMPORT_RULES })
  @Idempotent()
  addBatch(@CurrentCaller() { principal: { orgId }, actor }: Caller, @Body() dto: AddKeyImportDto) {
    return this.imports.import(actor, orgId, dto);
  }

  @Get('imports')
  @RequireRole('Member')
  @Answers(200, KeyImportList, 'List imports of API keys')
  list(@CurrentPrincipal() { orgId }: Principal) {
    return this.directory.list(orgId);
  }
}
