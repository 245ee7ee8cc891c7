import type { FastifyRequest } from 'fastify';
import type { Client } from '../network/client-ip.js';
import type { Principal } from './principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the first guard; null on public routes. Of a public webhook it is anybody. */
    principal: Principal | null;
    /** Worked out when asked for. */
    readonly client: Client;
  }
}

/** The principal of a request that the first guard let through. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new Error('A public route has no principal.');
  return request.principal;
}

/** What all requests of one org, of one partner, or (without a credential) of one network have in common. */
export function accountOf({ principal, client }: FastifyRequest): string {
  if (principal === null || principal.audience === 'public') return `network ${client.network}`;
  return principal.audience === 'partner' ? `partner ${principal.partnerId}` : `org ${principal.orgId}`;
}
