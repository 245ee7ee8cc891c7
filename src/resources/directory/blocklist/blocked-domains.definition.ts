import { defineCrud } from '../../../kit/crud/define-crud.js';
import { BlockedDomain } from './blocked-domain.entity.js';

export const kit = defineCrud({
  path: 'blocklist/domains',
  scope: 'blocklist',
  entity: BlockedDomain,
  label: 'Blocked domain',
  audited: { type: 'blocked_domain', calledBy: ['domain'] },
  offers: ['list', 'delete'],
});
