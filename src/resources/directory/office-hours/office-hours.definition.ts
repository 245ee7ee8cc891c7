import { defineCrud } from '../../../kit/crud/define-crud.js';
import { OfficeHours } from './office-hours.entity.js';

export const kit = defineCrud({
  path: 'office-hours',
  scope: 'office-hours',
  entity: OfficeHours,
  label: 'Schedule',
  audited: { type: 'office_hours' },
  users: { sla_policies_office_hours_fk: 'an SLA policy' },
});
