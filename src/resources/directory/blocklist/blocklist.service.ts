import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/**
 * Matches verified and unverified addresses of a contact. A blocked domain blocks its subdomains, so each address is
 * looked up with every parent domain.
 */
const BLOCKED = `
  WITH asked AS (
    SELECT * FROM contacts WHERE org_id = $1 AND id = ANY ($2::uuid[])
  ), emails AS (
    SELECT id, unnest(ARRAY[email, non_verified_email]) AS email FROM asked
  ), phones AS (
    SELECT id, unnest(ARRAY[phone_number, non_verified_custom_data->>'phone_number']) AS phone_number FROM asked
  ), parts AS (
    SELECT id, string_to_array(split_part(email, '@', -1), '.') AS labels FROM emails
  ), domains AS (
    SELECT id, array_to_string(labels[start:], '.') AS domain FROM parts, generate_subscripts(labels, 1) AS start
  )
  SELECT emails.id FROM emails
    JOIN blocked_contacts ON blocked_contacts.org_id = $1 AND blocked_contacts.email = emails.email
  UNION SELECT phones.id FROM phones
    JOIN blocked_contacts ON blocked_contacts.org_id = $1 AND blocked_contacts.phone_number = phones.phone_number
  UNION SELECT domains.id FROM domains
    JOIN blocked_domains ON blocked_domains.org_id = $1 AND blocked_domains.domain = domains.domain`;

/** The AI and sequences write to no contact that is blocked. */
@Injectable()
export class Blocklist {
  async isBlocked(manager: EntityManager, orgId: string, contactId: string): Promise<boolean> {
    return (await this.blockedAmong(manager, orgId, [contactId])).has(contactId);
  }

  async blockedAmong(manager: EntityManager, orgId: string, contactIds: readonly string[]): Promise<Set<string>> {
    const rows = (await manager.query(BLOCKED, [orgId, contactIds])) as { id: string }[];
    return new Set(rows.map(({ id }) => id));
  }
}
