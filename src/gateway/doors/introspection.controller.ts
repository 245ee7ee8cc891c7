import { Body, Controller, Post } from '@nestjs/common';
import { CurrentPrincipal } from '../../access/decorators/current-principal.js';
import { ForAudience } from '../../access/decorators/for-audience.js';
import type { Principal } from '../../access/principal/principal.js';
import { Answer } from '../../core/wire/answer.js';
import { Answers } from '../../core/wire/answers.js';
import { RouteSetting } from '../../core/wire/route-setting.js';
import { TakesText } from '../../core/wire/text-body.js';
import { CurrentRequestId } from './current-request-id.js';
import { Introspections } from './introspections.service.js';
import { IntrospectDto, IntrospectionView } from './introspection.dto.js';

/** Token introspection (RFC 7662), for resource servers that support it already. */
@Controller('oauth2')
export class IntrospectionController {
  constructor(private readonly introspections: Introspections) {}

  @Post('introspect')
  @RouteSetting({ recordsItself: 'answers' })
  @ForAudience('service')
  @TakesText(['application/x-www-form-urlencoded'], IntrospectDto)
  @Answers(200, IntrospectionView, 'Introspect a bearer key (RFC 7662)', {
    description:
      'The service authenticates with its key, as a bearer token or as the password of Basic authentication.',
  })
  async introspect(
    @CurrentPrincipal() caller: Principal,
    @CurrentRequestId() requestId: string,
    @Body() form = '',
  ): Promise<Answer<IntrospectionView>> {
    const view = await this.introspections.introspect(caller, new URLSearchParams(form), requestId);
    return new Answer(view, { headers: { 'cache-control': 'no-store' } });
  }
}
