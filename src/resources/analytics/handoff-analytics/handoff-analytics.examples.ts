import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

export const handoffAnalyticsExamples = defineExamples({
  schemas: {
    HandoffAnalyticsReport: {
      summary: '42 of 610 sessions were handed off.',
      total_handoffs: 42,
      total_sessions: 610,
      start_date: '2026-03-01T00:00:00.000Z',
      end_date: '2026-03-08T00:00:00.000Z',
    },
    ReasonCount: { reason: 'user_requested_human_assistance', count: 28, percentage: 66.67 },
    ReasonCombination: {
      reasons: ['user_requested_human_assistance', 'insufficient_knowledge'],
      session_count: 6,
      percentage: 14.29,
    },
    SentimentCount: { sentiment: 'angry', count: 11, percentage: 26.19 },
    DayCount: { date: '2026-03-02', count: 9 },
    HandoffEvent: {
      session_id: IDS.chatSession,
      summary: 'The guest asks for a refund of a cancelled cruise.',
      explanation: 'The guest asked twice for a person.',
      reasons: ['user_requested_human_assistance'],
    },
  },
  operations: {
    'handoffAnalytics.report': { query: { start_date: '2026-03-01', end_date: '2026-03-07' } },
    'handoffAnalytics.events': { query: { reason: 'user_requested_human_assistance' } },
  },
});
