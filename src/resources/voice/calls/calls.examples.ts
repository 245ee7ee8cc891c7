import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const CALL = {
  agent_id: IDS.agent,
  direction: 'inbound',
  caller: '+4940123456',
  status: 'answered',
  duration_seconds: 184,
  recording_url: 'https://recordings.harbourtours.example/2026/03/48213.mp3',
  started_at: '2026-03-02T09:27:00.000Z',
};

export const callExamples = defineExamples({
  schemas: {
    Call: { id: IDS.call, ...CALL },
    WholeCall: {
      id: IDS.call,
      ...CALL,
      summary: 'Lena moves her cruise from Sunday to Monday.',
      tags: ['date-change'],
    },
    SpokenText: { role: 'caller', text: 'Can I move my cruise to Monday?' },
    CreateCallDto: { ...CALL, transcript: [{ role: 'caller', text: 'Can I move my cruise to Monday?' }] },
    UpdateCallDto: { summary: 'Lena moves her cruise from Sunday to Monday.', tags: ['date-change'] },
  },
  paths: { '/calls/{id}': IDS.call },
  operations: { 'calls.list': { query: { direction: 'inbound', status: 'answered', from: '2026-03-01' } } },
});
