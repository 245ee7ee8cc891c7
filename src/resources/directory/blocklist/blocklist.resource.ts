import type { Resource } from '../../../kit/crud/define-resource.js';
import { BlockedContact } from './blocked-contact.entity.js';
import { BlockedContactsController } from './blocked-contacts.controller.js';
import { BlockedContacts } from './blocked-contacts.service.js';
import { BlockedDomain } from './blocked-domain.entity.js';
import { BlockedDomainsController } from './blocked-domains.controller.js';
import { BlockedDomains } from './blocked-domains.service.js';
import { Blocklist } from './blocklist.service.js';

export const blocklist: Resource = {
  entities: [BlockedContact, BlockedDomain],
  controllers: [BlockedContactsController, BlockedDomainsController],
  providers: [BlockedContacts, BlockedDomains, Blocklist],
};
