import { FastifyAdapter } from '@nestjs/platform-fastify';
import { fastify, type FastifyHttpOptions, type RawServerDefault } from 'fastify';

/**
 * Nest's Fastify adapter without its hooks for CORS, CSRF, route versions and middleware. This server uses none of them,
 * and they take 5% of the time of a request without SQL. To use one of these features, use the stock adapter.
 */
export function leanAdapter(options: FastifyHttpOptions<RawServerDefault>): FastifyAdapter {
  const instance = fastify(options);
  const { addHook } = instance;
  // The adapter's constructor adds the hooks.
  instance.addHook = () => instance;
  const adapter = new FastifyAdapter(Object.assign(instance, { skipMiddie: true }));
  instance.addHook = addHook;
  return adapter;
}
