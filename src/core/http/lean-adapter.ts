import { FastifyAdapter } from '@nestjs/platform-fastify';
import { fastify, type FastifyHttpOptions, type RawServerDefault } from 'fastify';

/**
 * Nest's adapter without its hooks for CORS, CSRF, route versions and middleware, none of which this server has: they
 * run on every request, and take a twentieth of one that asks no database. Whoever wants one of these features takes
 * the stock adapter again.
 */
export function leanAdapter(options: FastifyHttpOptions<RawServerDefault>): FastifyAdapter {
  const instance = fastify(options);
  const { addHook } = instance;
  // Its constructor is what adds them.
  instance.addHook = () => instance;
  const adapter = new FastifyAdapter(Object.assign(instance, { skipMiddie: true }));
  instance.addHook = addHook;
  return adapter;
}
