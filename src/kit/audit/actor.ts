import type { FastifyRequest } from 'fastify';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { principalOf } from '../../access/principal/request.js';
import type { Principal } from '../../access/principal/principal.js';

export const ACTOR_TYPES = ['user', 'partner', 'operator', 'api_key', 'system'] as const;

/** The actor of an audit entry. The name is a copy, because people and keys can be renamed. */
export interface Actor {
  readonly type: (typeof ACTOR_TYPES)[number];
  readonly id: string | null;
  readonly name: string;
  readonly ip: string | null;
  readonly requestId: string | null;
}

/** The user of the command line on the server's machine. */
export const OPERATOR: Actor = { type: 'operator', id: null, name: 'operator', ip: null, requestId: null };

/** The server itself, in scheduled and background jobs. */
export const SYSTEM: Actor = { type: 'system', id: null, name: 'Gatehouse', ip: null, requestId: null };

/** The principal of a request with its audit actor. */
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

/** Returns the principal's identity with the address and id of the request. */
export function actorOf(request: FastifyRequest): Actor {
  return {
    ...partyOf(principalOf(request)),
    ip: request.client.address ?? null,
    requestId: request.id,
  };
}

/** Returns the identity of a principal as audit entries and other rows store it. */
export function partyOf(principal: Principal): Pick<Actor, 'type' | 'id' | 'name'> {
  switch (principal.audience) {
    case 'partner':
      return { type: 'partner', id: principal.partnerId, name: principal.partnerName ?? principal.name };
    case 'operator':
      return { type: 'operator', id: principal.id, name: principal.name };
    case 'user':
      return { type: 'user', id: principal.userId, name: principal.name };
    default:
      return { type: 'api_key', id: principal.id, name: principal.name };
  }
}
