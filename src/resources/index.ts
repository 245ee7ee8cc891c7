import type { Resource } from '../resource-kit/define-resource.js';
import { agents } from './agents/agents.controller.js';
import { blockedContacts } from './blocklist/blocked-contacts.controller.js';
import { blockedDomains } from './blocklist/blocked-domains.controller.js';
import { chatSessions } from './chat-sessions/chat-sessions.controller.js';
import { contacts } from './contacts/contacts.controller.js';
import { officeHours } from './office-hours/office-hours.controller.js';
import { org } from './org/org.controller.js';
import { tags } from './tags/tags.controller.js';
import { teams } from './teams/teams.controller.js';

/** Every scoped resource: a line here, a folder, a line in the scope catalogue and a migration make one. */
export const RESOURCES: readonly Resource[] = [
  agents,
  blockedContacts,
  blockedDomains,
  contacts,
  // After the contacts that they point to.
  chatSessions,
  officeHours,
  org,
  tags,
  teams,
];
