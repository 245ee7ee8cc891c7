import { defineExamples } from '../../../core/wire/examples.js';

export const slaAnalyticsExamples = defineExamples({
  schemas: {
    SlaReport: { coverage_rate: 0.93, total_sessions: 610, sla_sessions: 567 },
    SlaCompliances: { overall: 0.94 },
    SlaCompliance: { fulfilled: 512, breached: 9, completed_after_breach: 21, active: 25, rate: 0.94 },
    SlaPercentiles: { p50: 840, p90: 3120, p95: 5400 },
  },
  operations: {
    'slaAnalytics.report': {
      query: { timezone: 'Europe/Berlin', start_date: '2026-03-01', end_date: '2026-03-07' },
    },
  },
});
