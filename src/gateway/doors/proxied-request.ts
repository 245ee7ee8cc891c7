import type { FastifyRequest } from 'fastify';
import { headerOf } from '../../core/http/header-of.js';

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
  if (headerOf(request, 'x-forwarded-for') === undefined) return { problem: 'it sends no X-Forwarded-For' };
  const told = [
    toldBy(request, 'X-Forwarded-Method', 'X-Forwarded-Uri'),
    toldBy(request, 'X-Original-Method', 'X-Original-URI'),
    appended === '' ? undefined : { method: request.method, target: appended },
  ].filter((each) => each !== undefined);
  const [first] = told;
  if (first === undefined) {
    return {
      problem: 'it sends neither X-Forwarded-Method and X-Forwarded-Uri nor X-Original-Method and X-Original-URI',
    };
  }
  for (const each of told) {
    if ('problem' in each) return each;
    if (!('problem' in first) && (each.method !== first.method || each.target !== first.target)) {
      return { problem: 'its headers name two different requests: it has to remove those of clients' };
    }
  }
  return first;
}

function toldBy(
  request: FastifyRequest,
  methodHeader: string,
  targetHeader: string,
): ProxiedRequest | ProxyProblem | undefined {
  const method = headerOf(request, methodHeader.toLowerCase()) || undefined;
  const target = headerOf(request, targetHeader.toLowerCase()) || undefined;
  if (method === undefined && target === undefined) return undefined;
  if (method === undefined) return { problem: `it sends ${targetHeader} without ${methodHeader}` };
  if (target === undefined) return { problem: `it sends ${methodHeader} without ${targetHeader}` };
  // A header that was sent twice is joined with ", ".
  if (!METHOD.test(method)) return { problem: `it sends a ${methodHeader} that is no method, or sends it twice` };
  if (target.includes(', ')) return { problem: `it sends ${targetHeader} twice` };
  return { method, target };
}
