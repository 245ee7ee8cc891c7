import { isAtLeast, type RoleName } from '../../access/scopes/roles.js';
import type { AppError } from '../../core/errors/app-error.js';
import { accessErrors } from '../../access/errors/access.errors.js';
import { memberErrors } from './members.errors.js';

export interface RoleChange {
  /** The present role of the acting member; undefined: not a member any more. */
  readonly by: RoleName | undefined;
  /** Undefined: joins the org. */
  readonly from?: RoleName;
  /** Undefined: leaves the org. */
  readonly to?: RoleName;
  /** The number of Owners besides the member. */
  readonly otherOwners: number;
}

/** The error of a change that isn't allowed; undefined: it is. Only Owners may add, change or remove an Owner. */
export function validateRoleChange({ by, from, to, otherOwners }: RoleChange): AppError | undefined {
  if (!isAtLeast(by, 'Admin')) return accessErrors.role_missing({ roles: 'Owner or Admin' });
  if (from !== 'Owner' && to !== 'Owner') return undefined;
  if (by !== 'Owner') return accessErrors.role_missing({ roles: 'Owner' });
  return from === 'Owner' && to !== 'Owner' && otherOwners === 0 ? memberErrors.last_owner() : undefined;
}
