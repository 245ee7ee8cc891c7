import { Body, Controller, Post } from '@nestjs/common';
import { ForAudience } from '../../access/decorators/for-audience.js';
import { Answers } from '../../core/wire/answers.js';
import { type Caller, CurrentCaller } from '../../kit/audit/actor.js';
import { BulkChange, RevokeKeysOfDto } from '../../tenancy/api-keys/bulk/bulk-keys.dto.js';
import { KeyRevocations } from '../../tenancy/api-keys/bulk/key-revocations.service.js';

/** Keys of all owners, for the operator. */
@Controller('operator/v1/api-keys')
export class OperatorKeysController {
  constructor(private readonly revocations: KeyRevocations) {}

  @Post('revoke-all')
  @ForAudience('operator')
  @Answers(200, BulkChange, 'Revoke all API keys of an org, of a partner with its orgs, or of all partners and orgs', {
    refusals: [404],
  })
  revokeAll(@CurrentCaller() { actor }: Caller, @Body() dto: RevokeKeysOfDto): Promise<BulkChange> {
    return this.revocations.revokeAll(actor, dto);
  }
}
