import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const CONTACT = {
  external_reference_id: 'crm-20931',
  name: 'Lena Fischer',
  email: 'lena.fischer@example.com',
  phone: '+4940123456',
  gender: null,
  status: 'active',
  stage: 'customer',
  custom_fields: { cruises: 3, newsletter: true },
};
const OK = { success: true, message: 'OK' };
const PAGE = { ...OK, pagination: { page: 1, limit: 20, total: 1, total_pages: 1 } };

export const agentContactExamples = defineExamples({
  schemas: {
    AgentContact: { id: IDS.agentContact, ...CONTACT, archived: false },
    CreateAgentContactDto: CONTACT,
    UpdateAgentContactDto: { stage: 'old_customer', custom_fields: { cruises: 4 } },
  },
  paths: {
    '/v1/open/contacts/chatbots/{agent_id}': IDS.keyAgent,
    '/v1/open/contacts/{contact_id}': IDS.agentContact,
    '/v1/open/contacts/{contact_id}/chatbots/{agent_id}': IDS.keyAgent,
    '/v1/open/contacts/ref/{external_reference_id}': 'crm-20931',
    '/v1/open/contacts/ref/{external_reference_id}/chatbots/{agent_id}': IDS.keyAgent,
  },
  operations: {
    'agentContacts.create': { response: OK },
    'agentContacts.list': { query: { search: 'Lena', status: 'active' }, response: PAGE },
    'agentContacts.read': { response: OK },
    'agentContacts.readByReference': { response: OK },
    'agentContacts.update': { response: OK },
    'agentContacts.updateByReference': { response: OK },
    'agentContacts.archive': { response: OK },
    'agentContacts.delete': { response: OK },
  },
});
