import type { Org } from '../orgs/org.entity.js';

/** The four fields that creating an org answers [seed 001]. */
export function createdOrg({ id, name, widget_token, external_id }: Org) {
  return { id, name, widget_token, external_id };
}

/** The five of lists and look-ups [seed 001]. */
export function listedOrg(org: Org) {
  return { ...createdOrg(org), created_at: org.created_at };
}

/** All that its partner may see. */
export function wholeOrg(org: Org) {
  const { website, language, ai_instructions } = org;
  return { ...listedOrg(org), website, language, ai_instructions };
}
