import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

const VOICE = { voice_id: 'marin', greeting: 'Harbour Tours, good morning! How can I help you?' };

export const agentExamples = defineExamples({
  schemas: {
    Agent: {
      id: IDS.agent,
      name: 'Harbour Tours reception',
      ...VOICE,
      prompt: 'You take bookings for harbour cruises. Ask for the date and the number of guests.',
      knowledge_base_id: IDS.knowledgeBase,
      status: 'active',
    },
    CreateAgentDto: {
      name: 'Harbour Tours reception',
      ...VOICE,
      prompt: 'You take bookings for harbour cruises. Ask for the date and the number of guests.',
      knowledge_base_id: IDS.knowledgeBase,
    },
    UpdateAgentDto: { greeting: 'Harbour Tours, hello! Which cruise may I book for you?', status: 'active' },
  },
  paths: { '/agents/{id}': IDS.agent, '/manage/v1/agents/{id}': IDS.otherAgent },
  operations: {
    'agents.list': { query: { status: 'active' } },
    'manageAgents.list': { query: { status: 'active' } },
    'partnerAgents.list': { query: { status: 'active' } },
    'partnerAgents.create': {
      body: { knowledge_base_id: null },
      response: { id: IDS.partnerAgent, knowledge_base_id: null },
    },
    'manageAgents.create': { response: { id: IDS.otherAgent } },
    'manageAgents.update': { response: { id: IDS.otherAgent } },
  },
});
