import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Authenticator } from '../authenticator.js';
import { policyOf } from '../decorators/route-policy.js';

/** Who is calling? The only guard that sees a credential. 401. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(private readonly authenticator: Authenticator) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const policy = policyOf(context.getHandler())!;
    if (policy.audience === 'public') return true;
    const request = context.getArgByIndex<FastifyRequest>(0);
    const principal = this.authenticator.authenticate(request, policy.audience);
    if (!(principal instanceof Promise)) {
      request.principal = principal;
      return true;
    }
    return principal.then((resolved) => {
      request.principal = resolved;
      return true;
    });
  }
}
