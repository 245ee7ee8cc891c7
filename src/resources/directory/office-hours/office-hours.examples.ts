import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const TIMES = { day_of_week: 'monday_to_friday', start_time: '08:00:00', end_time: '18:00:00' };

export const officeHoursExamples = defineExamples({
  schemas: {
    OfficeHours: { id: IDS.officeHours, name: 'Booking desk', iana_timezone: 'Europe/Berlin' },
    StoredShift: { id: IDS.shift, ...TIMES },
    CreateOfficeHoursDto: { name: 'Booking desk', iana_timezone: 'Europe/Berlin', shifts: [TIMES] },
    UpdateOfficeHoursDto: {
      shifts: [TIMES, { day_of_week: 'saturday', start_time: '09:00:00', end_time: '13:00:00' }],
    },
    OpenStatus: { is_open: true, next_change_at: '2026-03-09T17:00:00.000Z' },
  },
  paths: { '/office-hours/{id}': IDS.officeHours },
  operations: { 'officeHours.status': { query: { at: '2026-03-09T10:00:00.000Z' } } },
});
