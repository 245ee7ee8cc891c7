import { applyDecorators } from '@nestjs/common';
import { OwnAgentGuard } from '../guards/own-agent.guard.js';
import { declarePolicy } from '../routes/route-policy.js';
import type { AgentResource, OrgResource, ActionOf } from '../scopes/scope-catalogue.js';
import { guardFirst } from './guard-first.js';

/** An org route: needs an org key with this scope. @example @RequireScope('tags', 'read') */
export function RequireScope<R extends OrgResource>(resource: R, action: ActionOf<'org', R>): MethodDecorator {
  return declarePolicy({ audience: 'org', scope: `${resource}:${action}` });
}

/**
 * A webhook, found by `:webhook_token` in its path: its own row says whether it takes anybody, or only an org key with
 * this scope. What isn't there is 404 before any credential is looked at.
 */
export function PublicOrRequireScope<R extends OrgResource>(resource: R, action: ActionOf<'org', R>): MethodDecorator {
  return declarePolicy({ audience: 'public-or-org', scope: `${resource}:${action}` });
}

/** An agent route: needs a key + secret with this permission, bound to the agent in the path [seed 003]. */
export function RequireAgentScope<R extends AgentResource>(resource: R, action: ActionOf<'agent', R>): MethodDecorator {
  return applyDecorators(
    declarePolicy({ audience: 'agent', scope: `${resource}:${action}` }),
    guardFirst(OwnAgentGuard),
  );
}
