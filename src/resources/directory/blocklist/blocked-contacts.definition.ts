import { defineCrud } from '../../../kit/crud/define-crud.js';
import { nullable, TEXT, UUID } from '../../../core/wire/schema.js';
import { BlockedContact } from './blocked-contact.entity.js';

/** Of the contact that has a blocked address now. */
const ofContact = (column: string) => `
  SELECT contacts.${column} FROM contacts
  WHERE contacts.org_id = blocked_contacts.org_id
    AND (contacts.email = blocked_contacts.email OR contacts.phone_number = blocked_contacts.phone_number)
  ORDER BY contacts.email = blocked_contacts.email DESC NULLS LAST LIMIT 1`;

export const kit = defineCrud({
  path: 'blocklist/contacts',
  scope: 'blocklist',
  entity: BlockedContact,
  label: 'Blocked contact',
  audited: { type: 'blocked_contact', calledBy: ['email', 'phone_number', 'name'] },
  offers: ['list', 'delete'],
  computed: {
    contact_id: { sql: ofContact('id'), shape: nullable(UUID) },
    name: { sql: ofContact('name'), shape: nullable(TEXT) },
    phone_number: {
      sql: `SELECT coalesce((${ofContact('phone_number')}), blocked_contacts.phone_number)`,
      shape: nullable(TEXT),
    },
  },
});
