import { defineExamples } from '../../../core/wire/examples.js';

export const usageAnalyticsExamples = defineExamples({
  schemas: {
    AnalyticsPeriod: { from: '2026-03-01T00:00:00.000Z', to: '2026-03-08T00:00:00.000Z' },
    AnalyticsOverview: { avg_response_time_seconds: 94.5 },
    CallCounts: { total: 212, answered: 190, missed: 22 },
    LeadCounts: { captured: 61, qualified: 24, converted: 9 },
    MessageCounts: { sent: 2804, received: 3120 },
    SessionCounts: { opened: 610, closed: 588, handed_off: 42 },
    AnalyticsUsage: { api_calls: 48210, call_minutes: 731.5, messages_sent: 2804 },
  },
  operations: { 'analytics.overview': { query: { from: '2026-03-01', to: '2026-03-07' } } },
});
