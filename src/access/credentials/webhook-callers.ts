import type { FastifyRequest } from 'fastify';
import type { Limits } from '../../core/config/config.js';
import type { AppError } from '../../core/errors/app-error.js';
import { notFound } from '../../core/errors/core-errors.js';
import type { AuthFailures } from './auth-failures.js';
import type { Authenticator } from './authenticator.js';
import { isToken64Hex } from './credential-format.js';
import type { Webhook, WebhookDirectory } from '../ports/webhook-directory.js';
import { AuthenticationFailure } from './authentication-failure.js';
import type { Principal } from '../principal/principal.js';
import { principalOfAnybody } from './resolve-principal.js';
import { unauthorized } from './unauthorized.js';

const ORG_SUSPENDED = new AuthenticationFailure('org_suspended');

/** The refusal of a public webhook whose org is suspended. */
export function webhookOfSuspendedOrg(): AppError {
  return unauthorized('public-or-org', false, ORG_SUSPENDED);
}

/**
 * Authenticates calls of webhooks. The webhook's row says whether it needs a credential. The row is read on each call,
 * not cached: the run that follows costs several statements anyway.
 */
export class WebhookCallers {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly webhooks: WebhookDirectory,
    private readonly failures: AuthFailures,
    private readonly limits: Limits,
  ) {}

  /** @throws AppError not_found (404); rate_limited (429) after too many wrong tokens; as `Authenticator.authenticate` */
  async authenticate(request: FastifyRequest): Promise<Principal> {
    const token = (request.params as { webhook_token: string }).webhook_token;
    const webhook = await this.#findOrThrow(token, request.client.network);
    if (!webhook.isPublic) return this.authenticator.authenticate(request, 'public-or-org');
    if (webhook.orgSuspended) throw webhookOfSuspendedOrg();
    return principalOfAnybody(webhook, token, request.client.network, this.limits);
  }

  /** Unknown tokens count as failed authentication, because tokens can be guessed like keys. */
  async #findOrThrow(token: string, network: string): Promise<Webhook> {
    if (isToken64Hex(token)) {
      const find = () => this.webhooks.find(token);
      const webhook = await this.failures.attempt(network, find, (found) => found === undefined);
      if (webhook !== undefined) return webhook;
    }
    throw notFound('Webhook');
  }
}
