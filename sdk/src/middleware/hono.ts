import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type RequestFacts, Verifier, type VerifierOptions } from './verifier.js';
import type { GatehousePrincipal } from './verify-answer.js';

export type { VerifierOptions } from './verifier.js';
export type { GatehousePrincipal, RateLimitStanding } from './verify-answer.js';

/** @example new Hono<{ Variables: GatehouseVariables }>() */
export interface GatehouseVariables {
  /** The caller, after `guard` or `requireScope`. */
  gatehouse: GatehousePrincipal;
}

export interface HonoOptions extends VerifierOptions {
  /**
   * The client's address. Default: that of the connection with `@hono/node-server`, unknown in other runtimes.
   * @example (c) => getConnInfo(c).remote.address
   */
  readonly clientIp?: (c: Context) => string | undefined;
}

type Handler = MiddlewareHandler<{ Variables: GatehouseVariables }>;

export interface HonoGatehouse {
  /** Asks Gatehouse by the declared routes of the service. @example app.use(guard) */
  readonly guard: Handler;
  /** Asks Gatehouse for a scope instead. @example app.get('/invoices', requireScope('invoices:read'), handler) */
  readonly requireScope: (scope: string) => Handler;
}

/** Middleware for Hono. Asks Gatehouse before each request and sets `c.var.gatehouse`. */
export function gatehouse({ clientIp = connectionIp, ...options }: HonoOptions): HonoGatehouse {
  const verifier = new Verifier(options, (url, init) => globalThis.fetch(url, init));
  const handlerFor =
    (scope?: string): Handler =>
    async (c, next) => {
      const { refusal, principal, headers } = await verifier.decide(factsOf(c, clientIp, scope));
      if (refusal) {
        const all = { ...headers, 'Content-Type': 'application/json; charset=utf-8' };
        return c.body(JSON.stringify(refusal.body), refusal.status as ContentfulStatusCode, all);
      }
      c.set('gatehouse', principal);
      await next();
      // A handler that returns a Response of its own would lose headers that are set before it.
      for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.header(name, value);
    };
  return { guard: handlerFor(), requireScope: handlerFor };
}

function factsOf(c: Context, clientIp: (c: Context) => string | undefined, scope: string | undefined): RequestFacts {
  const { method, url, signal } = c.req.raw;
  return {
    method,
    path: incomingOf(c)?.url ?? url.slice(url.indexOf('/', url.indexOf('://') + 3)),
    ip: clientIp(c),
    header: (name) => c.req.header(name),
    signal,
    scope,
  };
}

/** The request of Node under `@hono/node-server`: its path is not normalized yet. */
function incomingOf(
  c: Context,
): { readonly url?: string; readonly socket?: { readonly remoteAddress?: string } } | undefined {
  return (c.env as { incoming?: object } | undefined)?.incoming;
}

function connectionIp(c: Context): string | undefined {
  return incomingOf(c)?.socket?.remoteAddress;
}
