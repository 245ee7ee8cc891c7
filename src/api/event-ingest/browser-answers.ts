import { Injectable } from '@nestjs/common';
import type { Client } from '../../access/network/client-ip.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isOriginAllowed } from '../../access/network/allowed-origins.js';
import { headerOf } from '../../core/http/header-of.js';
import { accessErrors } from '../../access/errors/access.errors.js';
import { ListedOrigins } from '../../tenancy/api-keys/listed-origins.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Pages of allowed origins can read the responses of this route, errors included. */
    readonly isForBrowsers?: boolean;
  }
}

const PREFLIGHT = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'Authorization, Content-Type, Idempotency-Key, X-Request-Id',
  'access-control-max-age': '600',
};
const READABLE = 'X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, Deprecation, Sunset';

/**
 * CORS (Fetch standard) for pages that use typed keys [S4]. A preflight has no key, so it succeeds for the origins of
 * all active keys. The network guard checks the actual request against the origins of its own key.
 */
@Injectable()
export class BrowserAnswers {
  constructor(private readonly listed: ListedOrigins) {}

  /** Returns the headers of a preflight response. @throws AppError origin_not_allowed (403), rate_limited (429) */
  async preflight(origin: string | undefined, { network }: Client): Promise<Record<string, string>> {
    if (origin === undefined || !(await this.listed.has(origin, network))) {
      throw accessErrors.origin_not_allowed();
    }
    return { ...PREFLIGHT, 'access-control-allow-origin': origin };
  }

  /** Adds CORS headers to marked routes. A Fastify hook covers all responses, including Fastify's own errors. */
  serve(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', (route) => {
      if (!route.config?.isForBrowsers) return;
      route.onSend = [route.onSend ?? [], this.#open.bind(this)].flat();
    });
  }

  async #open(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    reply.header('vary', 'Origin');
    const origin = headerOf(request, 'origin');
    if (origin === undefined || request.method === 'OPTIONS' || !(await this.#canRead(request, origin))) return;
    reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': READABLE });
  }

  /** Without a valid key, origins of any active key can read the error. */
  async #canRead({ principal, client }: FastifyRequest, origin: string): Promise<boolean> {
    if (principal !== null) {
      return principal.allowedOrigins.length > 0 && isOriginAllowed(principal.allowedOrigins, origin, undefined);
    }
    // The response is complete. A failed lookup of its origin must not replace it with another error.
    return this.listed.has(origin, client.network).catch(() => false);
  }
}
