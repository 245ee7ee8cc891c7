import type { FastifyRequest } from 'fastify';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { principalOf } from '../../access/principal/request.js';
import type { Principal } from '../../access/principal/principal.js';

export const ACTOR_TYPES = ['user', 'partner', 'operator', 'api_key', 'system'] as const;

/** Who did something, as the audit keeps it: names are copied, for people and keys get renamed. */
export interface Actor {
  readonly type: (typeof ACTOR_TYPES)[number];
  readonly id: string | null;
  readonly name: string;
  readonly ip: string | null;
  readonly requestId: string | null;
}

/** Whoever runs the command line on the server's own machine. */
export const OPERATOR: Actor = { type: 'operator', id: null, name: 'operator', ip: null, requestId: null };

/** The server itself, for what it does by a schedule or behind an answer. */
export const SYSTEM: Actor = { type: 'system', id: null, name: 'Gatehouse', ip: null, requestId: null };

/** A request's principal, with what the audit wants to know of the request. */
export interface Caller {
  readonly principal: Principal;
  readonly actor: Actor;
}

/** Injects the `Caller` of an administrative route. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  return callerOf(context.switchToHttp().getRequest<FastifyRequest>());
});

export function callerOf(request: FastifyRequest): Caller {
  return { principal: principalOf(request), actor: actorOf(request) };
}

/** The actor of a request: its principal's identity, and where it came from. */
export function actorOf(request: FastifyRequest): Actor {
  return {
    ...partyOf(principalOf(request)),
    ip: request.client.address ?? null,
    requestId: request.id,
  };
}

/** Who a principal is, as rows keep it that say who did something. */
export function partyOf(principal: Principal): Pick<Actor, 'type' | 'id' | 'name'> {
  switch (principal.audience) {
    case 'partner':
      return { type: 'partner', id: principal.partnerId, name: principal.partnerName ?? principal.name };
    case 'user':
      return { type: 'user', id: principal.userId, name: principal.name };
    default:
      return { type: 'api_key', id: principal.id, name: principal.name };
  }
}
