import { IsIn } from 'class-validator';
import { equals, type Filters } from '../../kit/lists/filters.js';
import { defineCrud } from '../../kit/crud/define-crud.js';
import { Agent, AGENT_STATUSES } from './agent.entity.js';

export const AGENT_FILTERS: Filters = { status: equals('status', IsIn(AGENT_STATUSES)) };

export const kit = defineCrud({
  path: 'agents',
  scope: 'agents',
  entity: Agent,
  label: 'Agent',
  offers: ['list', 'read'],
  filters: AGENT_FILTERS,
  references: { agents_knowledge_base_fk: 'Knowledge base' },
});
