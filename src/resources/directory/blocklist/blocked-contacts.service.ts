import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../kit/audit/actor.js';
import { Changes } from '../../../kit/audit/changes.js';
import { Database } from '../../../core/database/database.js';
import { uuidV7 } from '../../../core/database/uuid-v7.js';
import { defineResource } from '../../../kit/crud/define-resource.js';
import type { JsonText } from '../../../kit/crud/resource-service.js';
import { nullable, TEXT } from '../../../core/wire/schema.js';
import { Contacts } from '../contacts/contacts.service.js';
import { BlockedContact } from './blocked-contact.entity.js';
import type { BlockContactDto } from './blocklist.dto.js';

const ofContact = (column: string) => `
  SELECT ${column} FROM contacts
  WHERE contacts.org_id = blocked_contacts.org_id AND contacts.id = blocked_contacts.contact_id`;

export const kit = defineResource({
  path: 'blocklist/contacts',
  scope: 'blocklist',
  entity: BlockedContact,
  label: 'Blocked contact',
  audited: { type: 'blocked_contact', calledBy: ['email', 'phone_number', 'name'] },
  offers: ['list', 'delete'],
  computed: {
    email: { sql: ofContact('email'), shape: nullable(TEXT) },
    name: { sql: ofContact('name'), shape: nullable(TEXT) },
    phone_number: { sql: ofContact('phone_number'), shape: nullable(TEXT) },
  },
});

@Injectable()
export class BlockedContacts extends kit.Service {
  readonly #block = this.database.inserts.prepare(
    'blocked_contacts.block',
    this.metadata,
    // An update that changes nothing returns the row that is there already.
    `ON CONFLICT (org_id, contact_id) DO UPDATE SET contact_id = excluded.contact_id RETURNING ${this.row} AS text`,
  );

  constructor(
    database: Database,
    private readonly contacts: Contacts,
    private readonly changes: Changes,
  ) {
    super(database);
  }

  /** Who is blocked already stays so, for the first reason. An unknown address becomes a contact. */
  async block({ principal, actor }: Caller, { email, reason }: BlockContactDto): Promise<JsonText> {
    const { orgId } = principal;
    return this.changes.change(actor, async (manager, record) => {
      const id = uuidV7();
      const contactId = await this.contacts.ensure(manager, orgId, { email });
      const text = (await this.#block.run({ id, org_id: orgId, contact_id: contactId, reason }, manager))!;
      if ((JSON.parse(text) as BlockedContact).id === id) {
        const target = { type: 'blocked_contact', id, name: email };
        const changes = { ...(reason !== null && { reason: { before: null, after: reason } }) };
        record({ action: 'blocked_contact.created', orgId, target, changes });
      }
      return text;
    });
  }
}
