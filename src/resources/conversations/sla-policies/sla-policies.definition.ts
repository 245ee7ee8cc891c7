import { isTrue } from '../../../kit/lists/filters.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { SlaPolicy } from './sla-policy.entity.js';

export const kit = defineCrud({
  path: 'sla/policies',
  scope: 'sla',
  entity: SlaPolicy,
  label: 'SLA policy',
  audited: { type: 'sla_policy' },
  filters: { is_active: isTrue('is_active') },
  orders: { position: { column: 'position', direction: 'ASC' } },
  unique: { sla_policies_org_name: 'name' },
  references: { sla_policies_office_hours_fk: 'Office hours' },
});
