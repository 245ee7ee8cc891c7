import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../kit/audit/actor.js';
import { Changes } from '../../../kit/audit/changes.js';
import { Database } from '../../../core/database/database.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { Contact } from '../contacts/contact.entity.js';
import { Contacts } from '../contacts/contacts.service.js';
import { BlockedContact } from './blocked-contact.entity.js';
import type { BlockContactDto } from './blocklist.dto.js';
import { kit } from './blocked-contacts.definition.js';
import type { Wire } from '../../../core/wire/wire-json.js';

@Injectable()
export class BlockedContacts extends kit.Service {
  readonly #block = this.database.inserts.prepare(
    'blocked_contacts.block',
    this.metadata,
    `ON CONFLICT (org_id, email) DO UPDATE SET phone_number = coalesce(excluded.phone_number, blocked_contacts.phone_number)
     RETURNING ${this.row} AS text`,
  );

  constructor(
    database: Database,
    private readonly contacts: Contacts,
    private readonly changes: Changes,
  ) {
    super(database);
  }

  /** Blocks the contact's phone number too. Keeps an existing block and its reason. Creates an unknown contact. */
  async block({ principal, actor }: Caller, { email, reason }: BlockContactDto): Promise<Wire<BlockedContact>> {
    const { orgId } = principal;
    return this.changes.change(actor, async (manager, record) => {
      const id = uuidV7();
      const contactId = await this.contacts.ensure(manager, orgId, { email });
      const { phone_number } = await manager.findOneByOrFail(Contact, { org_id: orgId, id: contactId });
      const row = { id, org_id: orgId, email, phone_number, reason };
      const blocked = (await this.#block.row<Wire<BlockedContact>>(row, manager))!;
      if (blocked.id === id) {
        const target = { type: 'blocked_contact', id, name: email };
        const changes = { ...(reason !== null && { reason: { before: null, after: reason } }) };
        record({ action: 'blocked_contact.created', orgId, target, changes });
      }
      return blocked;
    });
  }
}
