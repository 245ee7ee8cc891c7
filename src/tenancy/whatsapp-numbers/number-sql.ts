const WITH_ACCOUNT = `
  FROM whatsapp_numbers JOIN whatsapp_number_pool USING (phone_number_id)
  WHERE business_account_id IS NOT NULL`;

/** The WhatsApp Business accounts of the numbers of the org $1, as `account`. */
export const BUSINESS_ACCOUNTS = `
  SELECT DISTINCT business_account_id AS account ${WITH_ACCOUNT} AND org_id = $1 ORDER BY account`;

/** A SQL condition: a number of the org belongs to an account. @param orgId the column, such as `whatsapp_templates.org_id` */
export function hasBusinessAccount(orgId: string): string {
  return `EXISTS (SELECT ${WITH_ACCOUNT} AND whatsapp_numbers.org_id = ${orgId})`;
}

/** A SQL condition: the number is the org's. */
export function isNumberOfOrg(phoneNumberId: string, orgId: string): string {
  return `EXISTS (SELECT FROM whatsapp_numbers
    WHERE whatsapp_numbers.org_id = ${orgId} AND phone_number_id = ${phoneNumberId})`;
}
