import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accessErrors } from '../access.errors.js';
import { refused } from '../principal/principal.js';
import { principalOf } from '../principal/request.js';

/**
 * Is it the agent that the key is bound to? 403 [seed 003], before the body is looked at and whether or not there is
 * such an agent. Set by `@RequireAgentScope`.
 */
@Injectable()
export class OwnAgentGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.getArgByIndex<FastifyRequest<{ Params: { agent_id?: string } }>>(0);
    const asked = request.params.agent_id;
    if (asked === undefined) throw new Error('An agent route names its agent: its path has :agent_id.');
    const principal = principalOf(request);
    if (asked.toLowerCase() === principal.agentId) return true;
    throw refused(principal, accessErrors.agent_not_yours());
  }
}
