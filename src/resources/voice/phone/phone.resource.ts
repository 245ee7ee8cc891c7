import { defineResource } from '../../../kit/crud/define-resource.js';
import { PhoneAgentAction } from './phone-agent-action.entity.js';
import { kit } from './phone-agents.definition.js';
import { PhoneAgents } from './phone-agents.service.js';

export const phone = defineResource({ ...kit.definition, service: PhoneAgents, entities: [PhoneAgentAction] });
