import { IsIn } from 'class-validator';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { IsE164, IsEmailAddress } from '../../../core/validation/field-types.js';
import { equals } from '../../../kit/lists/filters.js';
import { Lead, LEAD_SOURCES, LEAD_STATUSES } from './lead.entity.js';

export const kit = defineCrud({
  path: 'leads',
  scope: 'leads',
  entity: Lead,
  label: 'Lead',
  requiresValueOf: ['phone', 'email'],
  filters: {
    status: equals('status', IsIn(LEAD_STATUSES)),
    source: equals('source', IsIn(LEAD_SOURCES)),
    email: equals('email', IsEmailAddress()),
    phone: equals('phone', IsE164()),
  },
  checks: { leads_reachable: { field: 'phone', message: 'phone or email is required' } },
});
