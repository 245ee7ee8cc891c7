import { nodeFetch } from './node-fetch.js';
import { factsOf, type NodeRequest, type NodeResponse } from './node-request.js';
import { Verifier, type VerifierOptions } from './verifier.js';
import type { GatehousePrincipal, Refusal } from './verify-answer.js';

export type { VerifierOptions } from './verifier.js';
export type { GatehousePrincipal, RateLimitStanding } from './verify-answer.js';

declare global {
  namespace Express {
    interface Request {
      /** The caller, after `guard` or `requireScope`. */
      gatehouse?: GatehousePrincipal;
    }
  }
}

interface Request extends NodeRequest {
  gatehouse?: GatehousePrincipal;
}
interface Response extends NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}
type Handler = (request: Request, response: Response, next: (error?: unknown) => void) => void;

export interface ExpressGatehouse {
  /** Asks Gatehouse by the declared routes of the service. @example app.use(guard) */
  readonly guard: Handler;
  /** Asks Gatehouse for a scope instead. @example app.get('/invoices', requireScope('invoices:read'), handler) */
  readonly requireScope: (scope: string) => Handler;
}

/** Middleware for Express. Asks Gatehouse before each request and sets `req.gatehouse`. */
export function gatehouse(options: VerifierOptions): ExpressGatehouse {
  const verifier = new Verifier(options, nodeFetch);
  const handlerFor =
    (scope?: string): Handler =>
    (request, response, next) => {
      verifier
        .decide(factsOf(request, response, scope))
        .then(({ refusal, principal, headers }) => {
          for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
          if (refusal) return send(response, refusal);
          request.gatehouse = principal;
          next();
        })
        .catch(next);
    };
  return { guard: handlerFor(), requireScope: handlerFor };
}

/** Sends without Express, whose `json` depends on settings of the app. */
function send(response: Response, { status, body }: Refusal): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(body));
}
