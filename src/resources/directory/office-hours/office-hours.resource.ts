import { uuidV7 } from '../../../core/database/uuid-v7.js';
import type { Values } from '../../../kit/crud/definition.js';
import { defineResource } from '../../../kit/crud/define-resource.js';
import { OfficeHoursController } from './office-hours.controller.js';
import { OfficeHours } from './office-hours.entity.js';
import { OfficeHoursStatus } from './office-hours-status.service.js';
import type { Shift, StoredShift } from './shift.js';

export const officeHours = defineResource({
  path: 'office-hours',
  scope: 'office-hours',
  entity: OfficeHours,
  label: 'Schedule',
  audited: { type: 'office_hours' },
  users: { sla_policies_office_hours_fk: 'an SLA policy' },
  columnsOf: withStoredShifts,
  controllers: [OfficeHoursController],
  providers: [OfficeHoursStatus],
});

/** An update replaces all shifts, so each gets a new id. */
function withStoredShifts(fields: Values<OfficeHours>): Values<OfficeHours> {
  if (fields.shifts === undefined) return fields;
  const now = new Date().toISOString();
  const shifts = (fields.shifts as Shift[]).map((shift): StoredShift => ({
    ...shift,
    id: uuidV7(),
    created_at: now,
    updated_at: now,
  }));
  return { ...fields, shifts };
}
