import { All, Controller } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { Public } from '../../access/decorators/for-audience.js';
import { NotInDocument } from '../../core/wire/answers.js';

const REASON = 'the credential is that of the request that the proxy asks about';
const UNLISTED = 'proxies ask with any method, for which OpenAPI has no word; docs/your-own-service.md describes it';

/** Declares the routes that `ForwardAuth` answers. */
@Controller('v1/forward-auth')
export class ForwardAuthController {
  @All(':service')
  @RouteConfig({ isForwardAuth: true, recordsItself: 'all' })
  @Public(REASON)
  @NotInDocument(UNLISTED)
  ask(): never {
    throw new Error('ForwardAuth answers this route.');
  }

  @All(':service/*')
  @RouteConfig({ isForwardAuth: true, recordsItself: 'all' })
  @Public(REASON)
  @NotInDocument(UNLISTED)
  askByPath(): never {
    throw new Error('ForwardAuth answers this route.');
  }
}
