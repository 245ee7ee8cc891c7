import { Controller } from '@nestjs/common';
import { PhoneAgent } from './phone-agent.entity.js';
import { PhoneAgentAction } from './phone-agent-action.entity.js';
import { kit, PhoneAgents } from './phone-agents.service.js';

@Controller('phone')
export class PhoneController extends kit.Controller {
  constructor(override readonly service: PhoneAgents) {
    super(service);
  }
}

export const phone = {
  ...kit,
  entities: [PhoneAgent, PhoneAgentAction],
  controllers: [PhoneController],
  providers: [PhoneAgents],
};
