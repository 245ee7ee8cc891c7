import { defineResource } from '../../../kit/crud/define-resource.js';
import { CallsController } from './calls.controller.js';
import { kit } from './calls.definition.js';
import { Calls } from './calls.service.js';

export const calls = defineResource({ ...kit.definition, service: Calls, controller: CallsController });
