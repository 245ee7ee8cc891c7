import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { buildConnector, Dispatcher } from 'undici';
import type { AllowedHosts } from './allowed-hosts.js';
import { guardedConnect } from './guarded-connect.js';
import { OutboundFailure } from './outbound-failure.js';
import { type Hop, redirectOf } from './redirect.js';

export interface OutboundRequest {
  readonly url: string;
  readonly method?: Hop['method'];
  readonly headers?: Hop['headers'];
  readonly body?: string;
  /** For all of it: look-ups, redirects and the last byte of the body. */
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
  readonly redirectsMax: number;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * The one way out to hosts that somebody else names, or answers for. Reaches nothing that isn't public and https but
 * what the configuration allows by name; waits, reads and follows no longer than it is told.
 */
export class Outbound {
  /** @param resolve as `dns.lookup`; tests answer for it */
  constructor(
    private readonly allowed: AllowedHosts,
    private readonly resolve: LookupFunction = lookup as LookupFunction,
  ) {}

  /** The answer, whatever its status. @throws OutboundFailure when there is none */
  async ask(request: OutboundRequest): Promise<OutboundAnswer> {
    const { method = 'GET', headers = {}, body, timeoutMs, redirectsMax } = request;
    const url = URL.parse(request.url);
    if (url === null) throw new OutboundFailure('refused', 'what should be dialled is no URL');
    const signal = AbortSignal.timeout(timeoutMs);
    let hop: Hop = { url, method, headers, body };
    for (let followed = 0; followed <= redirectsMax; followed++) {
      const { answer, next } = await this.#dial(hop, signal, request.bodyBytesMax);
      if (next === undefined) return answer;
      hop = next;
    }
    throw new OutboundFailure('too_many_redirects', `${hop.url.host}: more than ${redirectsMax} redirects`);
  }

  async #dial(hop: Hop, signal: AbortSignal, bodyBytesMax: number): Promise<{ answer: OutboundAnswer; next?: Hop }> {
    const { url, method, headers, body } = hop;
    this.#assertMayDial(url);
    // Loaded for the first who dials: it takes as long as the rest of a start does.
    const undici = await import('undici');
    const connect = this.#connectTo(url, undici.buildConnector);
    // A client for each request, so that no socket is ever used for what it wasn't opened for.
    const client = new undici.Client(url.origin, { connect, maxResponseSize: bodyBytesMax });
    try {
      const options: Dispatcher.RequestOptions = { path: url.pathname + url.search, method, headers, body, signal };
      const response = await client.request(options);
      const { location } = response.headers;
      const next = redirectOf(hop, response.statusCode, Array.isArray(location) ? location[0] : location);
      if (next) return { answer: { status: response.statusCode, body: Buffer.of() }, next };
      return { answer: { status: response.statusCode, body: Buffer.from(await response.body.bytes()) } };
    } catch (error) {
      throw failureOf(error, signal, url.host);
    } finally {
      void client.destroy();
    }
  }

  #assertMayDial(url: URL): void {
    if (url.protocol === 'https:' || this.allowed.has(url)) return;
    throw new OutboundFailure('refused', `${url.protocol}//${url.host} is not https`);
  }

  #connectTo(url: URL, connectBy: typeof buildConnector): buildConnector.connector {
    return this.allowed.has(url) ? connectBy({}) : guardedConnect(connectBy, this.resolve);
  }
}

function failureOf(error: unknown, signal: AbortSignal, host: string): OutboundFailure {
  if (error instanceof OutboundFailure) return error;
  if (signal.aborted) return new OutboundFailure('timeout', `${host} did not answer in time`, { cause: error });
  if ((error as { code?: string }).code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new OutboundFailure('answer_too_large', `${host} answered with more than is read`, { cause: error });
  }
  return new OutboundFailure('unreachable', `${host} could not be reached`, { cause: error });
}
