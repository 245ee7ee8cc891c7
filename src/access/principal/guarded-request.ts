import type { IncomingHttpHeaders } from 'node:http';
import type { Client, Sender } from '../network/client-ip.js';

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
