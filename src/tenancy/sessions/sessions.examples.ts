import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

export const sessionExamples = defineExamples({
  schemas: {
    SessionView: { expires_at: '2026-03-09T09:30:00.000Z', has_agents: true, has_services: true },
    SignedInUser: { id: IDS.user, email: 'maya@harbourtours.example', name: 'Maya Okafor' },
    SignedInOrg: { id: IDS.org, name: 'Harbour Tours' },
    SignedInRole: { id: IDS.ownerRole, name: 'Owner' },
  },
});
