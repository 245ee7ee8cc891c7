import type { FastifyRequest } from 'fastify';
import type { Client } from '../network/client-ip.js';
import type { Principal } from './principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by AuthenticationGuard; null on public routes. */
    principal: Principal | null;
    /** Resolved on first use. */
    readonly client: Client;
  }
}

/** The principal of an authenticated request. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new Error('A public route has no principal.');
  return request.principal;
}

/** The key that bounds memory per caller: the org, the partner or, without a credential, the network. */
export function accountOf({ principal, client }: FastifyRequest): string {
  if (principal === null || principal.audience === 'public') return `network ${client.network}`;
  return principal.audience === 'partner' ? `partner ${principal.partnerId}` : `org ${principal.orgId}`;
}
