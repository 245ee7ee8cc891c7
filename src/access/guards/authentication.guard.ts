import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticator } from '../credentials/authenticator.js';
import { policyOf } from '../routes/route-policy.js';
import type { Principal } from '../principal/principal.js';
import { WebhookCallers } from '../credentials/webhook-callers.js';

/** Sets the request's principal, or refuses with 401. No other guard reads credentials. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly webhooks: WebhookCallers,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const { audience } = policyOf(context.getHandler())!;
    if (audience === 'public') return true;
    const request = context.getArgByIndex<FastifyRequest>(0);
    const principal =
      audience === 'public-or-org'
        ? this.webhooks.authenticate(request)
        : this.authenticator.authenticate(request, audience);
    const reply = context.getArgByIndex<FastifyReply>(1);
    if (principal instanceof Promise) return principal.then((resolved) => letIn(resolved, request, reply));
    return letIn(principal, request, reply);
  }
}

function letIn(principal: Principal, request: FastifyRequest, reply: FastifyReply): true {
  request.principal = principal;
  // Sent with refusals too.
  const announced = principal.retirement?.headersAt(Date.now());
  if (announced !== undefined) reply.headers(announced);
  return true;
}
