import { IsIn } from 'class-validator';
import { equals, equalsId } from '../../../kit/lists/filters.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { QueryInteger, Text } from '../../../core/validation/decorators.js';
import { nullable } from '../../../core/wire/schema.js';
import { SENTIMENTS } from '../../conversations/chat-sessions/chat-session.entity.js';
import { InsightTeam } from './insight.dto.js';
import { Insight } from './insight.entity.js';

const STATUS = `
  CASE WHEN archived_at IS NOT NULL THEN 'archived' WHEN resolved_at IS NOT NULL THEN 'resolved' ELSE 'unresolved' END`;
const TEAM = `
  SELECT json_build_object('id', id, 'name', name) FROM teams
  WHERE teams.org_id = insights.org_id AND teams.id = insights.team_id`;

export const kit = defineCrud({
  path: 'insights',
  scope: 'insights',
  entity: Insight,
  label: 'Insight',
  offers: ['list', 'read'],
  computed: { team: { sql: TEAM, shape: nullable(InsightTeam) } },
  filters: {
    status: { rules: [IsIn(['unresolved', 'resolved', 'archived'])], condition: (value) => `${STATUS} = ${value}` },
    sentiment: equals('sentiment', IsIn(SENTIMENTS)),
    min_sessions: {
      rules: [QueryInteger(0, 2 ** 31 - 1)],
      condition: (value) => `occurrence_count >= ${value}::integer`,
    },
    search: {
      rules: [Text(1, 200)],
      condition: (value) => `position(lower(${value}::text) IN lower(reason || ' ' || coalesce(content, ''))) > 0`,
    },
    team_id: equalsId('team_id'),
  },
  orders: { created_at: null, occurrence_count: { column: 'occurrence_count', direction: 'DESC' } },
  references: { insights_team_fk: 'Team' },
});
