import type { FastifyPluginAsync } from 'fastify';
import { nodeFetch } from './node-fetch.js';
import { factsOf } from './node-request.js';
import { Verifier, type VerifierOptions } from './verifier.js';
import type { GatehousePrincipal } from './verify-answer.js';

export type { VerifierOptions } from './verifier.js';
export type { GatehousePrincipal, RateLimitStanding } from './verify-answer.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller; null before the hook of the plugin. */
    gatehouse: GatehousePrincipal | null;
  }
  interface FastifyContextConfig {
    /** The scope that this route needs, instead of that of the declared route. */
    requireScope?: string;
  }
}

/**
 * Plugin for Fastify. Asks Gatehouse before each request of the context that registers it, and sets
 * `request.gatehouse`. The service's declared routes decide, or the route's `config: { requireScope: 'invoices:read' }`.
 * @example await app.register(gatehouse, { url, serviceKey })
 */
export const gatehouse: FastifyPluginAsync<VerifierOptions> = async (app, options) => {
  const verifier = new Verifier(options, nodeFetch);
  if (!app.hasRequestDecorator('gatehouse')) app.decorateRequest('gatehouse', null);
  // Calls back, because Fastify would go on after an async hook whose client is gone, although it has answered.
  app.addHook('onRequest', (request, reply, done) => {
    const scope = request.routeOptions.config?.requireScope;
    verifier
      .decide(factsOf(request, reply.raw, scope))
      .then(({ refusal, principal, headers }) => {
        reply.headers(headers);
        if (refusal) {
          // As text, because a response schema of the route would drop fields of an object.
          const text = JSON.stringify(refusal.body);
          reply.code(refusal.status).type('application/json; charset=utf-8').send(text);
          return;
        }
        request.gatehouse = principal;
        done();
      })
      .catch(done);
  });
};

Object.assign(gatehouse, {
  // The hook is for the context that registers the plugin, not for one of its own.
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'gatehouse-sdk',
});
