import { defineCrud } from '../../../kit/crud/define-crud.js';
import { nullable, TEXT } from '../../../core/wire/schema.js';
import { BlockedContact } from './blocked-contact.entity.js';

const ofContact = (column: string) => `
  SELECT ${column} FROM contacts
  WHERE contacts.org_id = blocked_contacts.org_id AND contacts.id = blocked_contacts.contact_id`;

export const kit = defineCrud({
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
