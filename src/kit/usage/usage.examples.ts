import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

export const usageExamples = defineExamples({
  schemas: {
    KeyUsageTotals: { last_24_hours: 1840, last_7_days: 12210, last_30_days: 48210 },
    KeyUsageReport: { last_24_hours: 1840, last_7_days: 12210, last_30_days: 48210 },
    UsageHour: { hour: '2026-03-09T14:00:00.000Z', requests: 96, refused: 2 },
    KeyUsageByDay: { id: IDS.apiKey },
    LastUse: {
      at: '2026-03-09T14:04:51.006Z',
      client_address: '203.0.113.24',
      country: 'NL',
      user_agent: 'booking-website/4.2 (node)',
      route: '/contacts/{id}',
      service: null,
    },
    UsageDay: { requests: 1840, refused: 12 },
  },
});
