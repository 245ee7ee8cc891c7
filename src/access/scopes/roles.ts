/** The roles of members of an org, most rights first. */
export const ROLE_NAMES = ['Owner', 'Admin', 'Member'] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

/** `needed` and the roles above it, most rights first. */
export function rolesFrom(needed: RoleName): readonly RoleName[] {
  return ROLE_NAMES.slice(0, ROLE_NAMES.indexOf(needed) + 1);
}

/** Whether a role includes the rights of another. */
export function isAtLeast(held: RoleName | undefined, needed: RoleName): boolean {
  return held !== undefined && rolesFrom(needed).includes(held);
}
