import {
  type CanActivate,
  createParamDecorator,
  type CustomDecorator,
  type ExecutionContext,
  HttpException,
  SetMetadata,
} from '@nestjs/common';
import { nodeFetch } from './node-fetch.js';
import { factsOf, type NodeRequest, type NodeResponse } from './node-request.js';
import { Verifier, type VerifierOptions } from './verifier.js';
import type { GatehousePrincipal } from './verify-answer.js';

export type { VerifierOptions } from './verifier.js';
export type { GatehousePrincipal, RateLimitStanding } from './verify-answer.js';

interface Request extends NodeRequest {
  gatehouse?: GatehousePrincipal;
}
/** A response of Express, or a reply of Fastify with Node's response in `raw`. */
interface Response {
  readonly raw?: NodeResponse;
  header(name: string, value: string): unknown;
}

const SCOPE = 'gatehouse:scope';

/** Names the scope that a handler, or each handler of a controller, needs instead of that of its declared route. */
export const RequireScope = (scope: string): CustomDecorator => SetMetadata(SCOPE, scope);

/** Injects the caller. @example list(@Caller() caller: GatehousePrincipal) */
export const Caller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<Request>().gatehouse,
);

/**
 * Asks Gatehouse before each handler: by the declared routes of the service, or for the scope of `@RequireScope`.
 * @example app.useGlobalGuards(new GatehouseGuard({ url, serviceKey }))
 */
export class GatehouseGuard implements CanActivate {
  readonly #verifier: Verifier;

  constructor(options: VerifierOptions) {
    this.#verifier = new Verifier(options, nodeFetch);
  }

  /** @throws HttpException with the status and body of the refusal */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') throw new Error('GatehouseGuard is for HTTP handlers only.');
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response & NodeResponse>();
    const facts = factsOf(request, response.raw ?? response, scopeOf(context));
    const { refusal, principal, headers } = await this.#verifier.decide(facts);
    for (const [name, value] of Object.entries(headers)) response.header(name, value);
    if (refusal) throw new HttpException(refusal.body, refusal.status);
    request.gatehouse = principal;
    return true;
  }
}

function scopeOf(context: ExecutionContext): string | undefined {
  return metadataOf(context.getHandler()) ?? metadataOf(context.getClass());
}

/** Nest loads reflect-metadata, which has no types here. */
function metadataOf(target: object): string | undefined {
  const { getMetadata } = Reflect as unknown as { getMetadata(key: string, target: object): string | undefined };
  return getMetadata(SCOPE, target);
}
