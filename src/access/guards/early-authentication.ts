import { Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ErrorFilter } from '../../core/errors/error.filter.js';
import { Authenticator } from '../credentials/authenticator.js';
import type { Principal } from '../principal/principal.js';
import { RouteAudit } from '../routes/route-audit.js';
import type { Audience } from '../scopes/audience.js';
import { Refusals } from './refusals.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Undefined: the route is public, or `AuthenticationGuard` alone knows how to authenticate its callers. */
    audience?: Audience;
  }
  interface FastifyRequest {
    /** The audience as which the principal was authenticated. */
    admittedAs: Audience | null;
  }
}

/** Their credential, if they need one, depends on the request. */
const NOT_BY_ROUTE = new Set<Audience>(['public', 'public-or-org']);

/**
 * Authenticates a request before Nest handles it. Nest's part of a refusal takes longer than the rest, and a flood of
 * invalid credentials consists of refusals.
 */
@Injectable()
export class EarlyAuthentication {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly refusals: Refusals,
    private readonly errors: ErrorFilter,
    private readonly routes: RouteAudit,
  ) {}

  /** Must run before the first route is registered, and after the hooks that set the headers of every answer. */
  watch(fastify: FastifyInstance): void {
    const audiences = new Map(
      this.routes.routes().map(({ method, path, policy }) => [`${method} ${path}`, policy?.audience]),
    );
    fastify.decorateRequest('admittedAs', null);
    fastify.addHook('onRoute', (route) => {
      const method = route.method === 'HEAD' ? 'GET' : String(route.method);
      const audience = audiences.get(`${method} ${route.url}`);
      if (audience !== undefined && !NOT_BY_ROUTE.has(audience)) route.config = { ...route.config, audience };
    });
    fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
      const { audience } = request.routeOptions.config;
      if (audience === undefined) return done();
      try {
        const principal = this.authenticator.authenticate(request, audience);
        if (principal instanceof Promise) {
          principal.then(
            (resolved) => {
              admit(resolved, audience, request, reply);
              done();
            },
            (error: unknown) => this.#refuse(error, request, reply),
          );
          return;
        }
        admit(principal, audience, request, reply);
      } catch (error) {
        return this.#refuse(error, request, reply);
      }
      done();
    });
  }

  #refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    this.refusals.attribute(error, 'Authentication');
    this.errors.write(error, request, reply);
  }
}

/** Makes the principal known to what follows. */
export function admit(principal: Principal, audience: Audience, request: FastifyRequest, reply: FastifyReply): void {
  request.principal = principal;
  request.admittedAs = audience;
  // Sent with refusals too.
  const announced = principal.retirement?.headersAt(Date.now());
  if (announced !== undefined) reply.headers(announced);
}
