import type { IncomingHttpHeaders } from 'node:http';
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

/** What the guards read of a request: of one to this server, or of one that a proxy or a service asks about. */
export interface GuardedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly client: Client;
  /** The client, for later; undefined: `client` is at hand and holds nothing. */
  readonly sender?: Pick<Sender, 'client'>;
  /** Of a request to this server. */
  readonly routeOptions?: { readonly url?: string | undefined };
  /** Of a request to a service that this server guards. */
  readonly target?: RequestTarget;
}

export interface RequestTarget {
  /** The slug of the service. */
  readonly service: string;
  /** The template of the route that matched; null: the service asked without a path. */
  readonly route: string | null;
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
