import { Body, Controller, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answers } from '../../core/wire/answers.js';
import { Id } from '../../kit/crud/id.js';
import { CheckRequestDto, CheckView } from './check.dto.js';
import { KeyChecks } from './key-checks.service.js';

/** What the guards would answer to a key of the org. */
@Controller('manage/v1/api-keys')
export class ManageCheckController {
  constructor(private readonly checks: KeyChecks) {}

  /** Every member can ask: nothing is changed, charged or counted. */
  @Post(':id/check')
  @RequireRole('Member')
  @Answers(200, CheckView, 'Check what an API key may send')
  ask(@CurrentPrincipal() { orgId }: Principal, @Id() id: string, @Body() dto: CheckRequestDto): Promise<CheckView> {
    return this.checks.checkOfOrg(orgId, id, dto);
  }
}
