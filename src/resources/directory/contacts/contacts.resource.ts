import { defineResource } from '../../../kit/crud/define-resource.js';
import { CONTACT_REDACTION } from './contact-redaction.js';
import { ContactsController } from './contacts.controller.js';
import { kit } from './contacts.definition.js';
import { Contacts } from './contacts.service.js';

export const contacts = defineResource({
  ...kit.definition,
  service: Contacts,
  controller: ContactsController,
  redaction: CONTACT_REDACTION,
});
