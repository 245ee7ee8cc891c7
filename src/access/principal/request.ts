import type { FastifyRequest } from 'fastify';
import type { Client, Sender } from '../network/client-ip.js';
import type { Principal } from './principal.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by AuthenticationGuard; null on public routes. */
    principal: Principal | null;
    /** Monotonic milliseconds; set by the HTTP metrics. */
    arrivedAtMs: number;
    /** Resolved on first use. */
    readonly client: Client;
    /** The client, for later. */
    readonly sender: Sender;
    /** Whether the peer is one of TRUSTED_PROXIES. */
    readonly isFromTrustedProxy: boolean;
  }
}

/** The principal of an authenticated request. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw new Error('A public route has no principal.');
  return request.principal;
}

/** The key that bounds memory per caller: the org, the partner, another key or, without a credential, the network. */
export function accountOf({ principal, client }: FastifyRequest): string {
  if (principal === null || principal.audience === 'public') return `network ${client.network}`;
  if (principal.boundOrgId !== undefined) return `org ${principal.boundOrgId}`;
  return principal.audience === 'partner' ? `partner ${principal.partnerId}` : `key ${principal.id}`;
}
