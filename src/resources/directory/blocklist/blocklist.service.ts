import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/**
 * By any address of a contact, whether it is verified or not. A blocked domain blocks its subdomains, so each domain is
 * looked up with all that it is below.
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

/** Asked before an AI answers, and before a sequence writes. */
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
