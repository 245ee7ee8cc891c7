import { applyDecorators } from '@nestjs/common';
import { OwnAgentGuard } from '../guards/own-agent.guard.js';
import { declarePolicy } from '../routes/route-policy.js';
import type { AgentResource, OrgResource, ActionOf } from '../scopes/scope-catalogue.js';
import { guardFirst } from './guard-first.js';

/** A route for org keys with this scope. @example @RequireScope('tags', 'read') */
export function RequireScope<R extends OrgResource>(resource: R, action: ActionOf<'org', R>): MethodDecorator {
  return declarePolicy({ audience: 'org', scope: `${resource}:${action}` });
}

/**
 * A webhook, found by `:webhook_token` in its path. Its row says whether it is public or needs an org key with this
 * scope. An unknown token is 404 before a credential is checked.
 */
export function PublicOrRequireScope<R extends OrgResource>(resource: R, action: ActionOf<'org', R>): MethodDecorator {
  return declarePolicy({ audience: 'public-or-org', scope: `${resource}:${action}` });
}

/** A route for a key with a secret that has this permission and is bound to the agent in the path (S3). */
export function RequireAgentScope<R extends AgentResource>(resource: R, action: ActionOf<'agent', R>): MethodDecorator {
  return applyDecorators(
    declarePolicy({ audience: 'agent', scope: `${resource}:${action}` }),
    guardFirst(OwnAgentGuard),
  );
}
