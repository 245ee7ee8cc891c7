import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const POLICY = {
  name: 'Guests on their way',
  description: 'Their boat leaves within the hour.',
  targets: { first_reply_seconds: 300, resolution_seconds: 3600 },
  conditions: { channels: ['web', 'whatsapp'], tags: ['today'] },
  office_hours_id: IDS.officeHours,
  is_active: true,
  position: 1,
};

export const slaPolicyExamples = defineExamples({
  schemas: {
    SlaPolicy: { id: IDS.slaPolicy, ...POLICY },
    CreateSlaPolicyDto: POLICY,
    UpdateSlaPolicyDto: { targets: { first_reply_seconds: 180, resolution_seconds: 3600 } },
  },
  paths: { '/sla/policies/{id}': IDS.slaPolicy },
  operations: { 'slaPolicies.list': { query: { is_active: true } } },
});
