import { defineCrud } from '../../kit/crud/define-crud.js';
import { Integration } from './integration.entity.js';

export const kit = defineCrud({
  path: 'integrations',
  scope: 'integrations',
  entity: Integration,
  label: 'Integration',
  offers: ['list', 'read'],
  unique: { integrations_org_provider_name: 'name' },
});
