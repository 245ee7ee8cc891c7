import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';

/** The request that a proxy asks about. */
export interface ProxiedRequest {
  readonly method: string;
  /** As the client sent it, query included. */
  readonly target: string;
}

/** Why the proxy's question can't be answered, for the operator's log. */
export interface ProxyProblem {
  readonly problem: string;
}

const METHOD = /^[A-Z-]{1,32}$/;

/** Two headers that together name the original request. */
interface HeaderPair {
  readonly method: string;
  readonly target: string;
  /** In lower case, as Node has them. */
  readonly keys: readonly [method: string, target: string];
}

const FORWARDED = headerPair('X-Forwarded-Method', 'X-Forwarded-Uri');
const ORIGINAL = headerPair('X-Original-Method', 'X-Original-URI');

/**
 * Reads the original method and URI: `X-Forwarded-Method` and `X-Forwarded-Uri` (Traefik, Caddy), `X-Original-Method` and
 * `X-Original-URI` (nginx), or the proxy's own method and the path that it appended (Envoy). A client can send any of them
 * through a proxy that doesn't remove them, so two that differ are a problem.
 * @param appended the path and query behind the route, as sent; empty if there is none
 */
export function proxiedRequest(request: FastifyRequest, appended: string): ProxiedRequest | ProxyProblem {
  if (!request.isFromTrustedProxy) {
    return { problem: `the peer ${request.raw.socket.remoteAddress} is not one of TRUSTED_PROXIES` };
  }
  const { headers } = request;
  if (headers['x-forwarded-for'] === undefined) return { problem: 'it sends no X-Forwarded-For' };
  const named = agreed(agreed(toldBy(headers, FORWARDED), toldBy(headers, ORIGINAL)), byPath(request, appended));
  if (named !== undefined) return named;
  return {
    problem: 'it sends neither X-Forwarded-Method and X-Forwarded-Uri nor X-Original-Method and X-Original-URI',
  };
}

type Told = ProxiedRequest | ProxyProblem | undefined;

function byPath({ method }: FastifyRequest, appended: string): Told {
  return appended === '' ? undefined : { method, target: appended };
}

function agreed(one: Told, other: Told): Told {
  if (other === undefined || (one !== undefined && 'problem' in one)) return one;
  if (one === undefined || 'problem' in other) return other;
  if (one.method === other.method && one.target === other.target) return one;
  return { problem: 'its headers name two different requests: it has to remove those of clients' };
}

function toldBy(headers: IncomingHttpHeaders, pair: HeaderPair): Told {
  // A header that was sent twice is joined with ", ".
  const method = headers[pair.keys[0]] as string | undefined;
  const target = headers[pair.keys[1]] as string | undefined;
  if (!method) return target ? { problem: `it sends ${pair.target} without ${pair.method}` } : undefined;
  if (!target) return { problem: `it sends ${pair.method} without ${pair.target}` };
  if (!METHOD.test(method)) return { problem: `it sends a ${pair.method} that is no method, or sends it twice` };
  if (target.includes(', ')) return { problem: `it sends ${pair.target} twice` };
  return { method, target };
}

function headerPair(method: string, target: string): HeaderPair {
  return { method, target, keys: [method.toLowerCase(), target.toLowerCase()] };
}
