import { defineCrud } from '../../../kit/crud/define-crud.js';
import { listOf, UUID } from '../../../core/wire/schema.js';
import { PhoneAgent } from './phone-agent.entity.js';

const ACTION_IDS = `
  SELECT coalesce(json_agg(action_id ORDER BY position), '[]') FROM phone_agent_actions
  WHERE phone_agent_actions.org_id = phone_agents.org_id AND phone_agent_id = phone_agents.id`;

export const kit = defineCrud({
  path: 'phone',
  scope: 'phone',
  entity: PhoneAgent,
  label: 'Phone agent',
  audited: { type: 'phone_agent' },
  computed: { action_ids: { sql: ACTION_IDS, shape: listOf(UUID) } },
  references: { phone_agent_actions_action_fk: 'Action' },
});
