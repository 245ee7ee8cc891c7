import type { RequestFacts } from './verifier.js';

/** The part that requests of Express, Fastify and NestJS have in common. */
export interface NodeRequest {
  readonly method: string;
  readonly originalUrl: string;
  /** The client's address as the framework's setting for proxies has it. */
  readonly ip?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The part of `http.ServerResponse` that tells whether the client is gone. */
export interface NodeResponse {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
}

export function factsOf(request: NodeRequest, response: NodeResponse, scope: string | undefined): RequestFacts {
  const { method, originalUrl: path, ip, headers } = request;
  const controller = new AbortController();
  if (response.destroyed) controller.abort();
  else response.once('close', () => controller.abort());
  return { method, path, ip, header: (name) => headerOf(headers[name]), signal: controller.signal, scope };
}

/** Repeated headers are joined (RFC 9110 section 5.3). */
function headerOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
