import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accessErrors } from '../errors/access.errors.js';
import { principalOf } from '../principal/request.js';

/**
 * Admits a key to its own agent only: 403 (S3) before the body is read, whether or not the other agent exists. Set by
 * `@RequireAgentScope`.
 */
@Injectable()
export class OwnAgentGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.getArgByIndex<FastifyRequest<{ Params: { agent_id?: string } }>>(0);
    const asked = request.params.agent_id;
    if (asked === undefined) throw new Error('An agent route names its agent: its path has :agent_id.');
    const principal = principalOf(request);
    if (asked.toLowerCase() === principal.agentId) return true;
    throw accessErrors.agent_not_yours();
  }
}
