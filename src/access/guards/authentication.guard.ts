import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticator } from '../credentials/authenticator.js';
import { policyOf } from '../routes/route-policy.js';
import { WebhookCallers } from '../credentials/webhook-callers.js';
import { admit } from './early-authentication.js';

/**
 * Admits requests that `EarlyAuthentication` has authenticated as the audience of their route, and authenticates any
 * others itself: sets the request's principal, or refuses with 401.
 */
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
    if (request.admittedAs === audience) return true;
    const principal =
      audience === 'public-or-org'
        ? this.webhooks.authenticate(request)
        : this.authenticator.authenticate(request, audience);
    const reply = context.getArgByIndex<FastifyReply>(1);
    if (principal instanceof Promise) {
      return principal.then((resolved) => {
        admit(resolved, audience, request, reply);
        return true;
      });
    }
    admit(principal, audience, request, reply);
    return true;
  }
}
