import { countChanged, type RedactionRule } from '../../../kit/redaction/redaction-rule.js';

const CLEAR_CLAIMS = `
  UPDATE contacts
  SET non_verified_name = NULL, non_verified_email = NULL, non_verified_custom_data = '{}', updated_at = now()
  WHERE org_id = $1 AND id = $2
    AND (non_verified_name IS NOT NULL OR non_verified_email IS NOT NULL OR non_verified_custom_data <> '{}')`;

/** What the contact of a session claimed without verification. What is verified stays, as the contact does. */
export const CONTACT_REDACTION: readonly RedactionRule[] = [
  { of: 'session', clear: (manager, { orgId, contactId }) => countChanged(manager, CLEAR_CLAIMS, [orgId, contactId]) },
];
