import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/**
 * Matches verified and unverified addresses of a contact. A blocked domain blocks its subdomains, so each address is
 * looked up with every parent domain.
 */
const BLOCKED = `
  WITH addresses AS (
    SELECT id, unnest(array_remove(ARRAY[email, non_verified_email], NULL)) AS email
    FROM contacts WHERE org_id = $1 AND id = ANY ($2::uuid[])
  ), parts AS (
    SELECT id, string_to_array(split_part(email, '@', -1), '.') AS labels FROM addresses
  ), domains AS (
    SELECT id, array_to_string(labels[start:], '.') AS domain FROM parts, generate_subscripts(labels, 1) AS start
  )
  SELECT contact_id AS id FROM blocked_contacts WHERE org_id = $1 AND contact_id = ANY ($2::uuid[])
  UNION SELECT addresses.id FROM addresses
    JOIN contacts ON contacts.org_id = $1 AND contacts.email = addresses.email
    JOIN blocked_contacts ON blocked_contacts.org_id = $1 AND blocked_contacts.contact_id = contacts.id
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
