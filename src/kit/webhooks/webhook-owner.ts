/** Whose an endpoint is. It gets the events of the org, of all orgs of the partner, or of the whole installation. */
export type WebhookOwner = { readonly orgId: string } | { readonly partnerId: string } | 'installation';

/** The owner of endpoints of the installation: no org or partner has this id. */
export const INSTALLATION_ID = '00000000-0000-0000-0000-000000000000';

/** The id of the org or partner. Ids of orgs and partners are never equal. */
export function ownerIdOf(owner: WebhookOwner): string {
  if (owner === 'installation') return INSTALLATION_ID;
  return 'orgId' in owner ? owner.orgId : owner.partnerId;
}

export function orgIdOf(owner: WebhookOwner): string | null {
  return owner !== 'installation' && 'orgId' in owner ? owner.orgId : null;
}
