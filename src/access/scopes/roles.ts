/** What members of an org can be, most rights first. */
export const ROLE_NAMES = ['Owner', 'Admin', 'Member'] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

/** `needed` and those with more rights, most rights first. */
export function rolesFrom(needed: RoleName): readonly RoleName[] {
  return ROLE_NAMES.slice(0, ROLE_NAMES.indexOf(needed) + 1);
}

/** The one question of the role guard. A role that nobody knows is none. */
export function isAtLeast(held: RoleName | undefined, needed: RoleName): boolean {
  return held !== undefined && rolesFrom(needed).includes(held);
}
