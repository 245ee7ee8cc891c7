import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** By whichever address: who calls themselves by a blocked one is blocked, whether that is true or not. */
const BLOCKED = `
  WITH addresses AS (
    SELECT id, unnest(array_remove(ARRAY[email, non_verified_email], NULL)) AS email
    FROM contacts WHERE org_id = $1 AND id = ANY ($2::uuid[])
  )
  SELECT contact_id AS id FROM blocked_contacts WHERE org_id = $1 AND contact_id = ANY ($2::uuid[])
  UNION SELECT addresses.id FROM addresses
    JOIN contacts ON contacts.org_id = $1 AND contacts.email = addresses.email
    JOIN blocked_contacts ON blocked_contacts.org_id = $1 AND blocked_contacts.contact_id = contacts.id
  UNION SELECT addresses.id FROM addresses
    JOIN blocked_domains ON blocked_domains.org_id = $1 AND domain = split_part(addresses.email, '@', 2)`;

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
