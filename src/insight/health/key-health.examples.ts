import { defineExamples } from '../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../core/wire/example-ids.js';

export const keyHealthExamples = defineExamples({
  schemas: {
    KeySummary: {
      id: IDS.apiKey,
      name: 'Booking website',
      description: 'Reads contacts and opens chat sessions for the website.',
      kind: 'bearer',
      type: 'standard',
      masked_key: 'ocx_live_…x7Qa',
      tags: ['bookings', 'website'],
      external_id: 'website-production',
      access: 'scoped',
      scopes_count: 2,
      state: 'active',
      acknowledged: true,
      expires_at: '2027-03-02T00:00:00.000Z',
      last_used_at: '2026-03-09T14:04:51.006Z',
      requests_30_days: 48210,
      denied_30_days: 964,
      findings: ['near_limit'],
    },
    FindingCounts: {
      mostly_denied: 0,
      near_limit: 1,
      old_credential_in_use: 0,
      expiring: 2,
      wider_than_used: 1,
      full_access: 3,
      never_used: 1,
      idle_90: 2,
      idle_30: 4,
      never_expires: 5,
    },
    KeyTotals: { keys: 14, requests_30_days: 210480, denied_30_days: 1210 },
    KeyOverview: { is_complete: true },
    KeyVerdict: { state: 'attention', message: 'Needs attention: 98% allowed; 2% denied, mostly rate limit.' },
    DeniedRequests: { reason: 'rate_limited', requests: 244 },
    LimitWindow: { name: 'key-hour', limit: 10000, remaining: 9120, peak_share: 0.94 },
    LimitHeadroom: { denied_7_days: 244 },
    HealthFinding: {
      code: 'near_limit',
      severity: 'warning',
      message: '244 requests denied by a rate limit in the last 7 days.',
      since: null,
    },
    KeyHealth: { days: 7, requests: 12200, denied: 244, allowed_share: 0.98 },
  },
  operations: {
    'keyOverview.read': { query: { state: 'active' } },
  },
});
