import type { FastifyRequest } from 'fastify';

/** One header as one string; a repeated one is joined, as HTTP says it means. */
export function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
