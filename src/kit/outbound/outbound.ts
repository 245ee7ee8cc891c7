import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { buildConnector, Dispatcher } from 'undici';
import { traceHeaders } from '../../core/http/trace-headers.js';
import type { AllowedHosts } from './allowed-hosts.js';
import { guardedConnect } from './guarded-connect.js';
import { OutboundFailure } from './outbound-failure.js';
import { type Hop, redirectOf } from './redirect.js';

/** Some APIs refuse requests without one. */
const USER_AGENT = 'Gatehouse';

export interface OutboundRequest {
  readonly url: string;
  readonly method?: Hop['method'];
  /** A `user-agent` replaces the server's. */
  readonly headers?: Hop['headers'];
  readonly body?: string;
  /** Total, including lookups, redirects and the body. */
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
  /** Default 0: the redirect itself is the answer. */
  readonly redirectsMax?: number;
  /** Allows plain HTTP, for public content only. */
  readonly allowsHttp?: boolean;
  /** Called before the body is read. If false, the answer has no body. */
  readonly acceptsBody?: (head: OutboundHead) => boolean;
  /** Aborts the request, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** By lower-case name; the first value of repeated headers. */
export type OutboundHeaders = Readonly<Record<string, string | undefined>>;

export interface OutboundHead {
  readonly status: number;
  readonly headers: OutboundHeaders;
}

export interface OutboundAnswer extends OutboundHead {
  readonly body: Buffer;
}

/**
 * Makes all HTTP requests to hosts that users or third parties choose. It reaches only public HTTPS hosts and the
 * configured exceptions, within the given limits on time, size and redirects.
 */
export class Outbound {
  /** @param resolve as `dns.lookup`; tests replace it */
  constructor(
    private readonly allowed: AllowedHosts,
    private readonly resolve: LookupFunction = lookup as LookupFunction,
  ) {}

  /** Returns the answer with any status. @throws OutboundFailure if there is none */
  async ask(request: OutboundRequest): Promise<OutboundAnswer> {
    const { method = 'GET', headers = {}, body, redirectsMax = 0 } = request;
    const url = URL.parse(request.url);
    if (url === null) throw new OutboundFailure('unreachable', 'what should be dialled is no URL');
    const timeout = AbortSignal.timeout(request.timeoutMs);
    let hop: Hop = { url, method, headers, body };
    for (let followed = 0; followed <= redirectsMax; followed++) {
      const { answer, next } = await this.#dial(hop, timeout, request);
      if (next === undefined) return answer;
      hop = next;
    }
    throw new OutboundFailure('too_many_redirects', `${hop.url.host}: more than ${redirectsMax} redirects`);
  }

  async #dial(
    hop: Hop,
    timeout: AbortSignal,
    { bodyBytesMax, redirectsMax, allowsHttp = false, acceptsBody, signal: ending }: OutboundRequest,
  ): Promise<{ answer: OutboundAnswer; next?: Hop }> {
    const { url, method, headers, body } = hop;
    this.#assertAllowed(url, allowsHttp);
    ending?.throwIfAborted();
    const signal = ending ? AbortSignal.any([timeout, ending]) : timeout;
    // Loaded on first use: importing undici would double the startup time.
    const undici = await import('undici');
    const connect = this.#connectTo(url, undici.buildConnector);
    // One client per request, so that no request reuses the socket of another.
    const client = new undici.Client(url.origin, { connect, maxResponseSize: bodyBytesMax });
    try {
      const sent = { 'user-agent': USER_AGENT, ...traceHeaders(), ...headers };
      const options: Dispatcher.RequestOptions = {
        path: url.pathname + url.search,
        method,
        headers: sent,
        body,
        signal,
      };
      const response = await client.request(options);
      const head = { status: response.statusCode, headers: firstOfEach(response.headers) };
      const next = redirectsMax === undefined ? undefined : redirectOf(hop, head.status, head.headers['location']);
      if (next) return { answer: { ...head, body: Buffer.of() }, next };
      if (acceptsBody?.(head) === false) return { answer: { ...head, body: Buffer.of() } };
      return { answer: { ...head, body: Buffer.from(await response.body.bytes()) } };
    } catch (error) {
      ending?.throwIfAborted();
      throw failureOf(error, timeout, url.host);
    } finally {
      void client.destroy();
    }
  }

  #assertAllowed(url: URL, allowsHttp: boolean): void {
    if (url.protocol === 'https:' || (allowsHttp && url.protocol === 'http:') || this.allowed.has(url)) return;
    throw new OutboundFailure('unreachable', `${url.protocol}//${url.host} is not https`);
  }

  #connectTo(url: URL, connectBy: typeof buildConnector): buildConnector.connector {
    return this.allowed.has(url) ? connectBy({}) : guardedConnect(connectBy, this.resolve);
  }
}

function firstOfEach(headers: Readonly<Record<string, string | string[] | undefined>>): OutboundHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()[0]]));
}

function failureOf(error: unknown, signal: AbortSignal, host: string): OutboundFailure {
  if (error instanceof OutboundFailure) return error;
  if (signal.aborted) return new OutboundFailure('timeout', `${host} did not answer in time`, { cause: error });
  if ((error as { code?: string }).code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new OutboundFailure('answer_too_large', `${host} answered with more than is read`, { cause: error });
  }
  return new OutboundFailure('unreachable', `${host} could not be reached`, { cause: error });
}
