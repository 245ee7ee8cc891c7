import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

const CREDENTIALS = { app_key: 'app-key-of-harbour-tours', user_key: 'user-key-of-harbour-tours' };

export const integrationExamples = defineExamples({
  schemas: {
    Integration: { id: IDS.integration, provider: 'fareharbor', name: 'Ticket sales' },
    CreateIntegrationDto: { provider: 'fareharbor', name: 'Ticket sales', credentials: CREDENTIALS },
    UpdateIntegrationDto: { name: 'Ticket sales of all piers' },
  },
  paths: { '/integrations/{id}': IDS.integration },
});
