import { Body, Controller, Headers, Post } from '@nestjs/common';
import { CurrentClient } from '../../access/decorators/current-client.js';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { ForAudience } from '../../access/decorators/for-audience.js';
import type { Client } from '../../access/network/client-ip.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answers } from '../../core/wire/answers.js';
import { CheckRequestDto, CheckView } from './check.dto.js';
import { KeyChecks } from './key-checks.service.js';

/** What the guards would answer to the calling key. */
@Controller('whoami')
export class WhoamiCheckController {
  constructor(private readonly checks: KeyChecks) {}

  @Post('check')
  @ForAudience('any-key')
  @Answers(200, CheckView, 'Check what the calling key may send', {
    description: 'Without `ip` and `origin`, those of the call itself are used.',
    refusals: [404],
  })
  ask(
    @CurrentPrincipal() caller: Principal,
    @CurrentClient() client: Client,
    @Headers('origin') origin: string | undefined,
    @Body() dto: CheckRequestDto,
  ): Promise<CheckView> {
    return this.checks.checkSelf(caller, client, origin, dto);
  }
}
