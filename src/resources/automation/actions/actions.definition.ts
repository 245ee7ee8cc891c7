import { originOf, withheld } from '../../../kit/audit/audited-setting.js';
import { defineCrud } from '../../../kit/crud/define-crud.js';
import { Action } from './action.entity.js';

export const kit = defineCrud({
  path: 'actions',
  scope: 'actions',
  entity: Action,
  label: 'Action',
  audited: { type: 'action', shownAs: { api_endpoint: originOf, payload: withheld } },
  unique: { actions_org_operation_id: 'operation_id' },
  references: { actions_credential_fk: 'Action credential' },
  users: { workflow_actions_action_fk: 'an active workflow', phone_agent_actions_action_fk: 'a phone agent' },
});
