import { defineResource } from '../../../kit/crud/define-resource.js';
import { LeadsController } from './leads.controller.js';
import { kit } from './leads.definition.js';
import { Leads } from './leads.service.js';

export const leads = defineResource({ ...kit.definition, service: Leads, controller: LeadsController });
