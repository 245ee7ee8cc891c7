import { defineResource } from '../../../kit/crud/define-resource.js';
import { kit } from './action-credentials.definition.js';
import { ActionCredentials } from './action-credentials.service.js';

export const actionCredentials = defineResource({ ...kit.definition, service: ActionCredentials });
