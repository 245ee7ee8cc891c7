import { defineCrud } from '../../../kit/crud/define-crud.js';
import { CREATED_AND_UPDATED } from '../../../kit/lists/date-range.js';
import { equals } from '../../../kit/lists/filters.js';
import { IsE164, IsEmailAddress } from '../../../core/validation/field-types.js';
import { Contact } from './contact.entity.js';

export const kit = defineCrud({
  path: 'contacts',
  scope: 'contacts',
  entity: Contact,
  label: 'Contact',
  offers: ['list', 'read', 'delete'],
  filters: {
    ...CREATED_AND_UPDATED,
    email: equals('email', IsEmailAddress()),
    phone_number: equals('phone_number', IsE164()),
  },
  unique: { contacts_org_email: 'email', contacts_org_phone_number: 'phone' },
});
