import { Injectable } from '@nestjs/common';
import type { Client } from '../../access/network/client-ip.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isOriginAllowed } from '../../access/network/allowed-origins.js';
import { headerOf } from '../../core/http/header-of.js';
import { accessErrors } from '../../access/errors/access.errors.js';
import { ListedOrigins } from '../../tenancy/api-keys/listed-origins.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Pages of allowed origins may read what this route answers, refusals too. */
    readonly isForBrowsers?: boolean;
  }
}

const PREFLIGHT = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'Authorization, Content-Type, X-Request-Id',
  'access-control-max-age': '600',
};
const READABLE = 'X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, Deprecation, Sunset';

/**
 * CORS (the Fetch standard) for the pages that typed keys are used on [seed 004]. A preflight carries no key, so any
 * origin that some live key lists may ask; the request itself is held to its own key's list by the network guard.
 */
@Injectable()
export class BrowserAnswers {
  constructor(private readonly listed: ListedOrigins) {}

  /** The headers that let a page go on. @throws AppError origin_not_allowed (403), rate_limited (429) */
  async preflight(origin: string | undefined, { network }: Client): Promise<Record<string, string>> {
    if (origin === undefined || !(await this.listed.has(origin, network))) {
      throw accessErrors.origin_not_allowed();
    }
    return { ...PREFLIGHT, 'access-control-allow-origin': origin };
  }

  /** Routes are marked by their configuration; as Fastify's own hook it sees every answer, its own refusals too. */
  serve(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', (route) => {
      if (!route.config?.isForBrowsers) return;
      route.onSend = [route.onSend ?? [], this.#open.bind(this)].flat();
    });
  }

  async #open(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    reply.header('vary', 'Origin');
    const origin = headerOf(request, 'origin');
    if (origin === undefined || request.method === 'OPTIONS' || !(await this.#mayRead(request, origin))) return;
    reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': READABLE });
  }

  /** Without a key that is known, whoever could have had one may read why not. */
  async #mayRead({ principal, client }: FastifyRequest, origin: string): Promise<boolean> {
    if (principal !== null) {
      return principal.allowedOrigins.length > 0 && isOriginAllowed(principal.allowedOrigins, origin, undefined);
    }
    // The answer is made already: that its origin can't be looked up now must not turn it into another one.
    return this.listed.has(origin, client.network).catch(() => false);
  }
}
