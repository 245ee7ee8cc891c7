import { Controller, Get } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { RequireRole } from '../../access/decorators/require-role.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answers } from '../../core/wire/answers.js';
import { Id } from '../../kit/crud/id.js';
import { CredentialUses } from './credential-uses.service.js';
import { KeyCredentials } from './key-credentials.dto.js';

/** The credentials of a key. */
@Controller('manage/v1/api-keys/:id/credentials')
export class KeyCredentialsController {
  constructor(private readonly uses: CredentialUses) {}

  @Get()
  @RequireRole('Member')
  @Answers(200, KeyCredentials, 'List the credentials of an API key with their last use')
  list(@CurrentPrincipal() { orgId }: Principal, @Id() id: string) {
    return this.uses.list(orgId, id);
  }
}
