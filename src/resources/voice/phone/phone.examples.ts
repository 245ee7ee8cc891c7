import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const PHONE_AGENT = {
  name: 'Booking line',
  type: 'inbound',
  accent: 'northern German',
  voice_id: 'marin',
  first_message: 'Harbour Tours, good morning!',
  instructions: ['Ask for the booking number first.', 'Offer a callback if a boat is full.'],
  handoff_phone_number: '+4940123400',
  speed: 1,
  interruptible: true,
  data_collection_fields: ['booking_number'],
  data_collection_webhook_url: 'https://hooks.harbourtours.example/calls',
  use_org_knowledgebase: true,
  manual_mode: false,
};

export const phoneExamples = defineExamples({
  schemas: {
    PhoneAgent: {
      id: IDS.phoneAgent,
      ...PHONE_AGENT,
      language: ['en', 'de'],
      phone_number: null,
      custom_llm: null,
      action_ids: [IDS.action],
    },
    CreatePhoneAgentDto: { ...PHONE_AGENT, language: ['en', 'de'], action_ids: [IDS.action] },
    UpdatePhoneAgentDto: { speed: 1.1, first_message: 'Harbour Tours, hello!' },
    StoredOwnModel: { base_url: 'https://llm.harbourtours.example/v1', model: 'concierge' },
  },
  paths: { '/phone/{id}': IDS.phoneAgent },
});
