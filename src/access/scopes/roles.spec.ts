import { describe, expect, it } from 'vitest';
import { isAtLeast, type RoleName, rolesFrom } from './roles.js';

describe('isAtLeast', () => {
  it.each<[RoleName | undefined, boolean[]]>([
    ['Owner', [true, true, true]],
    ['Admin', [false, true, true]],
    ['Member', [false, false, true]],
    [undefined, [false, false, false]],
    ['Superuser' as RoleName, [false, false, false]],
  ])('%s is Owner, Admin, Member: %j', (held, expected) => {
    expect((['Owner', 'Admin', 'Member'] as const).map((needed) => isAtLeast(held, needed))).toEqual(expected);
  });
});

it('rolesFrom names a role and those above it', () => {
  expect(rolesFrom('Admin')).toEqual(['Owner', 'Admin']);
});
