import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answers } from '../../core/wire/answers.js';
import { Id } from '../../kit/crud/id.js';
import { KeyHealth } from './key-health.dto.js';
import { KeyHealths } from './key-health.service.js';

/** How one key does, for the members of its org. */
@Controller('manage/v1/api-keys/:id/health')
export class KeyHealthController {
  constructor(private readonly healths: KeyHealths) {}

  @Get()
  @RequireRole('Member')
  @Answers(200, KeyHealth, 'The health of an API key')
  read(@CurrentPrincipal() { orgId }: Principal, @Id() id: string): Promise<KeyHealth> {
    return this.healths.read(orgId, id);
  }
}
