/** A SQL condition: the org is not archived. @param orgId the column, such as `crawl_datasources.org_id` */
export function isLiveOrg(orgId: string): string {
  return `EXISTS (SELECT FROM orgs WHERE orgs.id = ${orgId} AND archived_at IS NULL)`;
}
