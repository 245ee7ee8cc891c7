import { shownUserAgent } from '../../access/credentials/shown-user-agent.js';
import type { Client } from '../../access/network/client-ip.js';
import type { GuardedRequest, RequestTarget } from '../../access/principal/guarded-request.js';
import { templateOf } from '../../access/routes/declared-routes.js';
import type { CredentialUseRow } from './usage-batch.js';

/**
 * The last request of a credential. Keeps the parts of a request that are needed, since the request holds its body, and
 * reads them when they are stored, since most calls are not the last one.
 */
export class LastCall {
  #userAgent: string | undefined;
  #sender: { readonly client: Client };
  #url: string | undefined;
  #target: RequestTarget | undefined;

  constructor(request: GuardedRequest) {
    this.replace(request);
  }

  replace(request: GuardedRequest): void {
    this.#userAgent = request.headers['user-agent'];
    this.#sender = request.sender ?? { client: request.client };
    this.#url = request.routeOptions?.url;
    this.#target = request.target;
  }

  row(): Pick<CredentialUseRow, 'clientAddress' | 'userAgent' | 'route' | 'service'> {
    const own = this.#url === undefined ? null : templateOf(this.#url);
    return {
      clientAddress: this.#sender.client.address ?? null,
      userAgent: shownUserAgent(this.#userAgent),
      route: this.#target === undefined ? own : this.#target.route,
      service: this.#target?.service ?? null,
    };
  }
}
