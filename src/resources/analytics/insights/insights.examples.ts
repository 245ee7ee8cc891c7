import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const ASSIGNED = { id: IDS.team, name: 'Group bookings' };
const RESOLVED = {
  resolved_at: '2026-03-09T14:05:00.000Z',
  resolved_by: { name: 'Maya Okafor', avatar_url: null },
};
const ARCHIVED = {
  archived_at: '2026-03-09T14:05:00.000Z',
  archived_by: { name: 'Maya Okafor', avatar_url: null, reason: 'The summer timetable answers it.' },
};

export const insightExamples = defineExamples({
  schemas: {
    Insight: {
      id: IDS.insight,
      content: 'Guests ask whether prams fit on the small boats. The handbook does not say.',
      reason: 'insufficient_knowledge',
      sentiment: 'neutral',
      occurrence_count: 14,
      first_seen_at: '2026-03-02T08:12:45.000Z',
      last_seen_at: '2026-03-09T11:40:03.000Z',
      resolved_at: null,
      archived_at: null,
      resolved_by: null,
      archived_by: null,
      team: null,
    },
    AssignInsightDto: { team_id: IDS.team },
    ArchiveInsightDto: { reason: 'The summer timetable answers it.' },
  },
  paths: { '/insights/{id}': IDS.insight },
  operations: {
    'insights.list': { query: { status: 'unresolved', sort_by: 'occurrence_count' } },
    'insights.assign': { response: { team: ASSIGNED } },
    'insights.resolve': { response: RESOLVED },
    'insights.archive': { response: ARCHIVED },
  },
});
