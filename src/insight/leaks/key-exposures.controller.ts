import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answers } from '../../core/wire/answers.js';
import { Id } from '../../kit/crud/id.js';
import { KeyExposures } from './key-exposure.dto.js';
import { ListedExposures } from './listed-exposures.js';

/** Where a key was found. */
@Controller('manage/v1/api-keys/:id/exposures')
export class KeyExposuresController {
  constructor(private readonly exposures: ListedExposures) {}

  @Get()
  @RequireRole('Member')
  @Answers(200, KeyExposures, 'List the places where an API key was found in public')
  list(@CurrentPrincipal() { orgId }: Principal, @Id() id: string) {
    return this.exposures.list(orgId, id);
  }
}
