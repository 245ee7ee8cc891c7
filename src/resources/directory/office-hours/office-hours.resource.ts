import { defineResource } from '../../../kit/crud/define-resource.js';
import { OfficeHoursController } from './office-hours.controller.js';
import { kit } from './office-hours.definition.js';
import { Schedules } from './office-hours.service.js';

export const officeHours = defineResource({ ...kit.definition, service: Schedules, controller: OfficeHoursController });
