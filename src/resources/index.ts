import type { Resource } from '../resource-kit/define-resource.js';
import { contacts } from './contacts/contacts.controller.js';
import { tags } from './tags/tags.controller.js';

/** Every scoped resource: a line here, a folder, a line in the scope catalogue and a migration make one. */
export const RESOURCES: readonly Resource[] = [contacts, tags];
