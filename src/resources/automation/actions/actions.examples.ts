import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const ACTION = {
  name: 'Find free departures',
  description: 'Departures with free seats on a day.',
  api_endpoint: 'https://api.harbourtours.example/departures',
  request_type: 'GET',
  operation_id: 'findDepartures',
  credential_id: IDS.actionCredential,
  tags: ['bookings'],
};
const PAYLOAD = {
  path: '/departures',
  method: 'GET',
  parameters: [{ name: 'date', in: 'query', required: true, schema: { type: 'string', format: 'date' } }],
  responses: {},
};

export const actionExamples = defineExamples({
  schemas: {
    Action: {
      id: IDS.action,
      ...ACTION,
      payload: PAYLOAD,
      pinned: false,
      is_handoff_like: false,
      require_form_submission: false,
      status: 'live',
      enabled_on_channel: { channels: ['web', 'whatsapp'] },
    },
    CreateActionDto: { ...ACTION, payload: PAYLOAD, enabled_on_channel: { channels: ['web', 'whatsapp'] } },
    UpdateActionDto: { pinned: true, enabled_on_channel: { channels: ['web', 'email', 'whatsapp'] } },
    ImportedActions: { imported: 3 },
  },
  paths: { '/actions/{id}': IDS.action },
  operations: {
    'actions.import': {
      form: { file: 'bookings.openapi.yaml', server_base_url: 'https://api.harbourtours.example' },
    },
  },
});
