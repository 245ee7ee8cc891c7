import { Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { Database } from '../../database/database.js';
import { PreparedInsert } from '../../database/prepared-insert.js';
import { inTransaction } from '../../database/transaction.js';
import { uuidV7 } from '../../database/uuid-v7.js';
import { defineResource } from '../../resource-kit/define-resource.js';
import type { JsonText } from '../../resource-kit/resource-service.js';
import { nullable, TEXT } from '../../wire/schema.js';
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
  offers: ['list', 'delete'],
  computed: {
    email: { sql: ofContact('email'), shape: nullable(TEXT) },
    name: { sql: ofContact('name'), shape: nullable(TEXT) },
    phone_number: { sql: ofContact('phone_number'), shape: nullable(TEXT) },
  },
});

@Injectable()
export class BlockedContacts extends kit.Service {
  readonly #block = new PreparedInsert(
    this.database,
    'blocked_contacts.block',
    this.metadata,
    // An update that changes nothing returns the row that is there already.
    `ON CONFLICT (org_id, contact_id) DO UPDATE SET contact_id = excluded.contact_id RETURNING ${this.row} AS text`,
  );

  constructor(
    database: Database,
    private readonly contacts: Contacts,
  ) {
    super(database);
  }

  /** Who is blocked already stays so, for the first reason. An unknown address becomes a contact. */
  async block({ orgId }: Principal, { email, reason }: BlockContactDto): Promise<JsonText> {
    return inTransaction(this.database.dataSource, async (manager) => {
      const contactId = await this.contacts.ensure(manager, orgId, { email });
      return (await this.#block.run({ id: uuidV7(), org_id: orgId, contact_id: contactId, reason }, manager))!;
    });
  }
}
