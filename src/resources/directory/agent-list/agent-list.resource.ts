import type { Resource } from '../../../kit/crud/define-resource.js';
import { AgentsModule } from '../../../tenancy/agents/agents.module.js';
import { AgentsController } from './agent-list.controller.js';

export const agentList: Resource = {
  entities: [],
  controllers: [AgentsController],
  providers: [],
  imports: [AgentsModule],
};
