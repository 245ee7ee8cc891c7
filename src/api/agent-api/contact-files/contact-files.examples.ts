import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const OK = { success: true, message: 'OK' };

export const contactFileExamples = defineExamples({
  schemas: {
    AgentContactFile: {
      id: IDS.agentContactFile,
      contact_id: IDS.agentContact,
      label: 'Ticket',
      name: 'ticket.pdf',
      media_type: 'application/pdf',
      bytes: 18230,
    },
  },
  paths: {
    '/v1/open/contacts/{contact_id}/files/chatbots/{agent_id}': IDS.keyAgent,
    '/v1/open/contacts/{contact_id}/files/{file_id}': IDS.agentContactFile,
    '/v1/open/contacts/{contact_id}/files/{file_id}/chatbots/{agent_id}': IDS.keyAgent,
  },
  operations: {
    'agentContactFiles.create': { form: { file: 'ticket.pdf', label: 'Ticket' }, response: OK },
    'agentContactFiles.list': {
      response: { ...OK, pagination: { page: 1, limit: 20, total: 1, total_pages: 1 } },
    },
    'agentContactFiles.delete': { response: OK },
  },
});
