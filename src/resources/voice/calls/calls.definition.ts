import { IsIn } from 'class-validator';
import { fromTo } from '../../../kit/lists/date-range.js';
import { equals, equalsId } from '../../../kit/lists/filters.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { Call, CALL_DIRECTIONS, CALL_STATUSES } from './call.entity.js';

export const kit = defineCrud({
  path: 'calls',
  scope: 'calls',
  entity: Call,
  label: 'Call',
  offers: ['list', 'delete'],
  filters: {
    agent_id: equalsId('agent_id'),
    direction: equals('direction', IsIn(CALL_DIRECTIONS)),
    status: equals('status', IsIn(CALL_STATUSES)),
    ...fromTo('started_at'),
  },
  references: { calls_agent_fk: 'Agent' },
});
