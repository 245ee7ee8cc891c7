import { defineErrors } from '../../core/errors/define-errors.js';

export const orgOwnershipErrors = defineErrors({
  /** The same for another partner's org, an unknown one and a malformed id [S1]. */
  org_not_yours: { status: 403, message: 'Org does not belong to this partner.', log: 'info', isRefusal: true },
  /** Only the org's own partner reads it; others read `org_not_yours`. */
  org_archived: { status: 403, message: 'Org is archived.', log: 'info', isRefusal: true },
});
