import { Body, Controller, Post } from '@nestjs/common';
import { RequireRole } from '../../access/decorators/require-role.js';
import { Answers } from '../../core/wire/answers.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { BulkKeyChanges } from '../../tenancy/api-keys/bulk/bulk-key-changes.service.js';
import { BulkChange, RevokeApiKeysDto, UpdateApiKeysDto } from '../../tenancy/api-keys/bulk/bulk-keys.dto.js';

/** Changes of many keys of the org at once. */
@Controller('manage/v1/api-keys')
export class ManageBulkKeysController {
  constructor(private readonly bulk: BulkKeyChanges) {}

  @Post('bulk')
  @RequireRole('Admin')
  @Answers(200, BulkChange, 'Suspend, resume, revoke or limit many API keys', {
    description: 'A thousand keys at a time. After a fault, the same request changes the rest.',
  })
  change(@CurrentCaller() { principal: { orgId }, actor }: Caller, @Body() dto: UpdateApiKeysDto): Promise<BulkChange> {
    return this.bulk.change(actor, orgId, dto);
  }

  @Post('revoke-all')
  @RequireRole('Owner')
  @Answers(200, BulkChange, 'Revoke all API keys of the org')
  revokeAll(
    @CurrentCaller() { principal: { orgId }, actor }: Caller,
    @Body() { dry_run }: RevokeApiKeysDto,
  ): Promise<BulkChange> {
    return this.bulk.revokeAll(actor, { orgId }, dry_run);
  }
}
