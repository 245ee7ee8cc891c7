import { Body, Controller, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { ForAudience } from '../../access/decorators/for-audience.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answers } from '../../core/wire/answers.js';
import { RouteSetting } from '../../core/wire/route-setting.js';
import { CurrentRequestId } from './current-request-id.js';
import { Verifications } from './verifications.service.js';
import { VerdictsView, VerdictView, VerifyRequestsDto, VerifyRequestDto } from './verify.dto.js';

/** What the code of a service asks about the requests that it gets. */
@Controller('v1')
export class VerificationController {
  constructor(private readonly verifications: Verifications) {}

  @Post('verify')
  @RouteSetting({ recordsItself: 'answers' })
  @ForAudience('service')
  @Answers(200, VerdictView, 'Ask whether a request may pass')
  async ask(
    @CurrentPrincipal() caller: Principal,
    @CurrentRequestId() requestId: string,
    @Body() dto: VerifyRequestDto,
  ): Promise<VerdictView> {
    return this.verifications.verify(await this.verifications.serviceOf(caller), dto, requestId);
  }

  /** One after the other, so that a batch never passes a limit that its requests would not. */
  @Post('verify::batch')
  @RouteSetting({ recordsItself: 'answers' })
  @ForAudience('service')
  @Answers(200, VerdictsView, 'Ask about up to 100 requests')
  async askMany(
    @CurrentPrincipal() caller: Principal,
    @CurrentRequestId() requestId: string,
    @Body() { items }: VerifyRequestsDto,
  ): Promise<VerdictsView> {
    const service = await this.verifications.serviceOf(caller);
    const verdicts: VerdictView[] = [];
    for (const item of items) verdicts.push(await this.verifications.verify(service, item, requestId));
    return { items: verdicts };
  }
}
