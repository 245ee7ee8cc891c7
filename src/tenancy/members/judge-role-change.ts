import { isAtLeast, type RoleName } from '../../access/scopes/roles.js';
import type { AppError } from '../../core/errors/app-error.js';
import { accessErrors } from '../../access/errors/access.errors.js';
import { memberErrors } from './members.errors.js';

export interface RoleChange {
  /** What the one who does it is now; undefined: no member any more. */
  readonly by: RoleName | undefined;
  /** Undefined: comes into the org. */
  readonly from?: RoleName;
  /** Undefined: leaves it. */
  readonly to?: RoleName;
  /** How many Owners the org has beside whose role it is. */
  readonly otherOwners: number;
}

/** Why a role may not be given, changed or taken away; undefined: it may. Only an Owner has to do with Owners. */
export function refuseRoleChange({ by, from, to, otherOwners }: RoleChange): AppError | undefined {
  if (!isAtLeast(by, 'Admin')) return accessErrors.role_missing({ roles: 'Owner or Admin' });
  if (from !== 'Owner' && to !== 'Owner') return undefined;
  if (by !== 'Owner') return accessErrors.role_missing({ roles: 'Owner' });
  return from === 'Owner' && to !== 'Owner' && otherOwners === 0 ? memberErrors.last_owner() : undefined;
}
