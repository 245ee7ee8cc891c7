import { defineCrud } from '../../../kit/crud/define-crud.js';
import { ActionCredential } from './action-credential.entity.js';

export const kit = defineCrud({
  path: 'action-credentials',
  scope: 'actions',
  entity: ActionCredential,
  label: 'Action credential',
  audited: { type: 'action_credential', sealed: ['secret'] },
  unique: { action_credentials_org_name: 'name' },
  users: { actions_credential_fk: 'an action' },
});
