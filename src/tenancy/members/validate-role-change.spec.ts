import { describe, expect, it } from 'vitest';
import { validateRoleChange, type RoleChange } from './validate-role-change.js';

const refusal = (change: Partial<RoleChange>) =>
  validateRoleChange({ by: 'Owner', otherOwners: 1, ...change })?.message ?? 'allowed';
const NEEDS_OWNER = 'This needs the role Owner.';
const NEEDS_ADMIN = 'This needs the role Owner or Admin.';
const LAST = 'An organization must have at least one Owner.';

describe('validateRoleChange', () => {
  it.each<[string, Partial<RoleChange>, string]>([
    ['an Owner makes another Owner', { to: 'Owner' }, 'allowed'],
    ['an Owner takes in an Admin', { to: 'Admin' }, 'allowed'],
    ['an Owner makes an Admin an Owner', { from: 'Admin', to: 'Owner' }, 'allowed'],
    ['an Owner makes one of two Owners a Member', { from: 'Owner', to: 'Member' }, 'allowed'],
    ['an Owner removes one of two Owners', { from: 'Owner' }, 'allowed'],
    ['the last Owner becomes an Admin', { from: 'Owner', to: 'Admin', otherOwners: 0 }, LAST],
    ['the last Owner leaves', { from: 'Owner', otherOwners: 0 }, LAST],
    ['the last Owner stays one', { from: 'Owner', to: 'Owner', otherOwners: 0 }, 'allowed'],
    ['an Admin takes in a Member', { by: 'Admin', to: 'Member' }, 'allowed'],
    ['an Admin makes a Member an Admin', { by: 'Admin', from: 'Member', to: 'Admin' }, 'allowed'],
    ['an Admin removes an Admin', { by: 'Admin', from: 'Admin' }, 'allowed'],
    ['an Admin takes in an Owner', { by: 'Admin', to: 'Owner' }, NEEDS_OWNER],
    ['an Admin becomes an Owner', { by: 'Admin', from: 'Admin', to: 'Owner' }, NEEDS_OWNER],
    ['an Admin demotes an Owner', { by: 'Admin', from: 'Owner', to: 'Member' }, NEEDS_OWNER],
    ['an Admin removes the last Owner', { by: 'Admin', from: 'Owner', otherOwners: 0 }, NEEDS_OWNER],
    ['a Member takes in a Member', { by: 'Member', to: 'Member' }, NEEDS_ADMIN],
    ['a Member leaves', { by: 'Member', from: 'Member' }, NEEDS_ADMIN],
    ['a member who was just removed', { by: undefined, from: 'Member' }, NEEDS_ADMIN],
  ])('%s', (_what, change, expected) => {
    expect(refusal(change)).toBe(expected);
  });
});
