/** Where a policy is set. */
export type PolicyPlace =
  | { readonly level: 'installation' }
  | { readonly level: 'partner'; readonly partnerId: string }
  | { readonly level: 'org'; readonly orgId: string };

/** The columns of a row of `key_policies` that name its place. */
export function placeColumns(place: PolicyPlace) {
  switch (place.level) {
    case 'installation':
      return { is_installation: true };
    case 'partner':
      return { partner_id: place.partnerId };
    case 'org':
      return { org_id: place.orgId };
  }
}

/** The place of an org, and the places whose policies also apply to it; in one order, so that no two callers deadlock. */
export function placesAbove(place: PolicyPlace, partnerId: string | null): PolicyPlace[] {
  return [{ level: 'installation' }, ...(partnerId === null ? [] : [{ level: 'partner', partnerId } as const]), place];
}

/** The name of an advisory lock. */
export function placeLock(place: PolicyPlace): string {
  return `key-policy ${place.level} ${placeId(place) ?? ''}`;
}

/** The id of the org or the partner. */
export function placeId(place: PolicyPlace): string | null {
  switch (place.level) {
    case 'installation':
      return null;
    case 'partner':
      return place.partnerId;
    case 'org':
      return place.orgId;
  }
}
