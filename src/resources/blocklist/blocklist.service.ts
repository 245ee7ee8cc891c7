import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** By whichever address: who calls themselves by a blocked one is blocked, whether that is true or not. */
const IS_BLOCKED = `
  WITH addresses AS (
    SELECT unnest(array_remove(ARRAY[email, non_verified_email], NULL)) AS email
    FROM contacts WHERE org_id = $1 AND id = $2
  )
  SELECT EXISTS (SELECT FROM blocked_contacts WHERE org_id = $1 AND contact_id = $2)
    OR EXISTS (SELECT FROM addresses JOIN contacts ON contacts.org_id = $1 AND contacts.email = addresses.email
      JOIN blocked_contacts ON blocked_contacts.org_id = $1 AND blocked_contacts.contact_id = contacts.id)
    OR EXISTS (SELECT FROM addresses
      JOIN blocked_domains ON blocked_domains.org_id = $1 AND domain = split_part(addresses.email, '@', 2))
    AS is_blocked`;

/** Asked before an AI answers. */
@Injectable()
export class Blocklist {
  async isBlocked(manager: EntityManager, orgId: string, contactId: string): Promise<boolean> {
    const [{ is_blocked }] = (await manager.query(IS_BLOCKED, [orgId, contactId])) as [{ is_blocked: boolean }];
    return is_blocked;
  }
}
