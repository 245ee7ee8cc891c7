import { applyDecorators } from '@nestjs/common';
import { RoleGuard } from '../guards/role.guard.js';
import type { RoleName } from '../scopes/roles.js';
import { guardFirst } from './guard-first.js';
import { declarePolicy } from '../routes/route-policy.js';

/** A route for members with this role or a higher one. @example @RequireRole('Admin') */
export function RequireRole(role: RoleName): MethodDecorator {
  return applyDecorators(declarePolicy({ audience: 'user', role }), guardFirst(RoleGuard));
}
