import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accessErrors } from '../errors/access.errors.js';
import { policyOf } from '../routes/route-policy.js';
import { principalOf } from '../principal/request.js';
import { isAtLeast, rolesFrom } from '../scopes/roles.js';

/** Admits members with the role that `@RequireRole` declares: 403 (S3). */
@Injectable()
export class RoleGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const role = policyOf(context.getHandler())!.role!;
    if (isAtLeast(principalOf(context.getArgByIndex<FastifyRequest>(0)).roleName, role)) return true;
    throw accessErrors.role_missing({ roles: rolesFrom(role).join(' or ') });
  }
}
