import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

const EVENT = {
  event: 'call.ended',
  agent_id: 'booking-line',
  crm_id: 'HT-20931',
  occurred_at: '2026-03-02T09:30:00.000Z',
  data: { seconds: 184, result: 'date_changed' },
};

export const eventExamples = defineExamples({
  schemas: {
    PostEventDto: EVENT,
    PostedEvent: { id: IDS.event },
    TypedEvent: { id: IDS.event, api_key_id: IDS.typedKey, type: 'telephony', ...EVENT },
  },
  operations: { 'manageEvents.list': { query: { type: 'telephony', event: 'call.ended' } } },
});
