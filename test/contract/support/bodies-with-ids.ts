import { ifElseBlock } from '../../support/workflows.js';
import { ACTION, STEP, unique } from './row-bodies.js';
import type { RowIds, RowKind } from './rows-of-org.js';

/** A request whose body contains the id of a row. */
export interface BodyWithId {
  readonly names: RowKind;
  /** The credential; an org key by default. */
  readonly by?: 'key' | 'owner' | 'partner';
  /** The kind of row that the path parameter names, in the caller's org. */
  readonly at?: RowKind;
  /** A body that is valid if the id belongs to the caller's org. */
  body(id: string, own: RowIds): object;
}

const NEVER = { operator: 'exists', left: null };
const block = (type: string, input: object) => ({ kind: 'action', id: 'step', type, name: 'Step', input });
const blocks = (type: string, input: object) => ({ workflow_blocks: [block(type, input)] });
const triage = (fields: object) => ({ name: unique('Triage'), trigger_type: 'webhook', ...fields });
const when = (condition: object) => ({ filter: { or: [{ and: [condition] }] } });
const template = (own: RowIds, fields: object) => ({
  template_id: own.template,
  phone_number_id: own.number,
  variables: [],
  contact: { phone_number: '+4930123456' },
  ...fields,
});
const policy = (fields: object) => ({ name: unique('SLA'), targets: { first_reply_seconds: 3_600 }, ...fields });

/** By method, path and field, as in the API document. */
export const BODIES_WITH_IDS: Readonly<Record<string, BodyWithId>> = {
  'POST /actions credential_id': { names: 'action_credential', body: (id) => ({ ...ACTION, credential_id: id }) },
  'PATCH /actions/{id} credential_id': {
    names: 'action_credential',
    at: 'action',
    body: (id) => ({ credential_id: id }),
  },
  'POST /agents knowledge_base_id': {
    names: 'knowledge_base',
    body: (id) => ({ name: unique('Agent'), knowledge_base_id: id }),
  },
  'PATCH /agents/{id} knowledge_base_id': {
    names: 'knowledge_base',
    at: 'agent',
    body: (id) => ({ knowledge_base_id: id }),
  },
  'POST /calls agent_id': {
    names: 'agent',
    body: (id) => ({ agent_id: id, direction: 'inbound', caller: '+4930123456' }),
  },
  'POST /chat/sessions contact_id': { names: 'contact', body: (id) => ({ contact_id: id }) },
  'POST /chat/sessions channel.phone_number_id': {
    names: 'number',
    body: (id) => ({ channel: { type: 'whatsapp', phone_number_id: id } }),
  },
  'PUT /chat/sessions/{id}/assignee user_id': { names: 'member', at: 'session', body: (id) => ({ user_id: id }) },
  'PUT /chat/sessions/{id}/assignee team_id': { names: 'team', at: 'session', body: (id) => ({ team_id: id }) },
  'POST /csat/scores session_id': { names: 'closed_session', body: (id) => ({ session_id: id, score: 5 }) },
  'POST /email/bounces message_id': { names: 'mail', body: (id) => ({ message_id: `<${id}@acme.example>` }) },
  'POST /help-center/articles category_id': {
    names: 'category',
    body: (id) => ({ title: unique('Article'), content: 'Text.', category_id: id }),
  },
  'PATCH /help-center/articles/{id} category_id': {
    names: 'category',
    at: 'article',
    body: (id) => ({ category_id: id }),
  },
  'POST /insights/{id}/assign team_id': { names: 'team', at: 'insight', body: (id) => ({ team_id: id }) },
  'POST /manage/v1/agents knowledge_base_id': {
    by: 'owner',
    names: 'knowledge_base',
    body: (id) => ({ name: unique('Agent'), knowledge_base_id: id }),
  },
  'PATCH /manage/v1/agents/{id} knowledge_base_id': {
    by: 'owner',
    names: 'knowledge_base',
    at: 'agent',
    body: (id) => ({ knowledge_base_id: id }),
  },
  'POST /manage/v1/api-keys agent_id': {
    by: 'owner',
    names: 'agent',
    body: (id) => ({ name: 'Key', kind: 'key_secret', access: 'scoped', scopes: ['contacts:read'], agent_id: id }),
  },
  'POST /manage/v1/members role_id': {
    by: 'owner',
    names: 'role',
    body: (id) => ({ email: `${unique('new').replace(' ', '-')}@acmetours.example`, role_id: id }),
  },
  'PATCH /manage/v1/members/{user_id} role_id': {
    by: 'owner',
    names: 'role',
    at: 'member',
    body: (id) => ({ role_id: id }),
  },
  'POST /partner/v1/orgs/{orgId}/agents knowledge_base_id': {
    by: 'partner',
    names: 'knowledge_base',
    body: (id) => ({ name: unique('Agent'), knowledge_base_id: id }),
  },
  'POST /partner/v1/orgs/{orgId}/api-keys agent_id': {
    by: 'partner',
    names: 'agent',
    body: (id) => ({ kind: 'key_secret', scopes: ['contacts:read'], agent_id: id }),
  },
  'POST /partner/v1/orgs/{orgId}/members role_id': {
    by: 'partner',
    names: 'role',
    body: (id) => ({ email: `${unique('new').replace(' ', '-')}@acmetours.example`, role_id: id }),
  },
  'PATCH /partner/v1/orgs/{orgId}/members/{userId} role_id': {
    by: 'partner',
    names: 'role',
    at: 'member',
    body: (id) => ({ role_id: id }),
  },
  'POST /partner/v1/orgs/{orgId}/login-links role_ids': {
    by: 'partner',
    names: 'role',
    body: (id) => ({ email: 'new@acmetours.example', role_ids: [id] }),
  },
  'POST /phone action_ids': { names: 'action', body: (id) => ({ name: 'Reception', action_ids: [id] }) },
  'PATCH /phone/{id} action_ids': { names: 'action', at: 'phone_agent', body: (id) => ({ action_ids: [id] }) },
  'POST /redaction/message message_id': { names: 'message', body: (id) => ({ message_id: id }) },
  'POST /redaction/session session_id': { names: 'session', body: (id) => ({ session_id: id }) },
  'POST /sequences filter.or.[].and.[].contact_ids': {
    names: 'contact',
    body: (id) => ({ steps: [STEP], ...when({ type: 'contact_id_in', contact_ids: [id] }) }),
  },
  'POST /sequences filter.or.[].and.[].sequence_id': {
    names: 'sequence',
    body: (id) => ({ steps: [STEP], ...when({ type: 'contacts_affected_by_sequence', sequence_id: id }) }),
  },
  'PATCH /sequences/{sequence_id} filter.or.[].and.[].contact_ids': {
    names: 'contact',
    at: 'sequence',
    body: (id) => when({ type: 'contact_id_in', contact_ids: [id] }),
  },
  'PATCH /sequences/{sequence_id} filter.or.[].and.[].sequence_id': {
    names: 'sequence',
    at: 'sequence',
    body: (id) => when({ type: 'contacts_affected_by_sequence', sequence_id: id }),
  },
  'POST /sequences/{sequence_id}/contacts contacts.[].id': {
    names: 'contact',
    at: 'sequence',
    body: (id) => ({ contacts: [{ id }] }),
  },
  'POST /sla/policies conditions.team_ids': {
    names: 'team',
    body: (id) => policy({ conditions: { team_ids: [id] } }),
  },
  'PATCH /sla/policies/{id} conditions.team_ids': {
    names: 'team',
    at: 'sla_policy',
    body: (id) => ({ conditions: { team_ids: [id] } }),
  },
  'POST /sla/policies office_hours_id': { names: 'office_hours', body: (id) => policy({ office_hours_id: id }) },
  'PATCH /sla/policies/{id} office_hours_id': {
    names: 'office_hours',
    at: 'sla_policy',
    body: (id) => ({ office_hours_id: id }),
  },
  'POST /teams/{id}/users user_id': { names: 'member', at: 'team', body: (id) => ({ user_id: id }) },
  'POST /whatsapp/send-template template_id': {
    names: 'template',
    body: (id, own) => template(own, { template_id: id }),
  },
  'POST /whatsapp/send-template phone_number_id': {
    names: 'number',
    body: (id, own) => template(own, { phone_number_id: id }),
  },
  'POST /whatsapp/send-template contact.id': {
    names: 'contact',
    body: (id, own) => template(own, { contact: { id } }),
  },
  'POST /whatsapp/send-template session_id': {
    names: 'session',
    body: (id, own) => template(own, { session_id: id }),
  },
  'POST /workflows workflow_blocks.[].input.action_id': {
    names: 'action',
    body: (id) => triage(blocks('call_action', { action_id: id })),
  },
  'POST /workflows workflow_blocks.[].input.team_id': {
    names: 'team',
    body: (id) => triage({ workflow_blocks: [ifElseBlock(NEVER, [], [block('assign_team', { team_id: id })])] }),
  },
  'POST /workflows workflow_blocks.[].input.session_id': {
    names: 'session',
    body: (id) => triage(blocks('handoff', { session_id: id })),
  },
  'PATCH /workflows/{workflow_id} workflow_blocks.[].input.action_id': {
    names: 'action',
    at: 'workflow',
    body: (id) => blocks('call_action', { action_id: id }),
  },
  'PATCH /workflows/{workflow_id} workflow_blocks.[].input.team_id': {
    names: 'team',
    at: 'workflow',
    body: (id) => blocks('assign_team', { team_id: id }),
  },
  'PATCH /workflows/{workflow_id} workflow_blocks.[].input.session_id': {
    names: 'session',
    at: 'workflow',
    body: (id) => blocks('add_tag', { tag_name: 'vip', session_id: id }),
  },
};

const CALLERS_OWN = "an id of the caller's own, which names no row here";
const CREDENTIAL = 'a credential of the key that is checked; 404 for any other (key-check.spec.ts)';
const CONDITION = 'a condition, which no key of another org meets (bulk-keys.spec.ts)';
const OF_ANY = 'the operator may name any; 404 for an unknown one (bulk-keys.spec.ts)';
const PROVIDERS = 'an id at a provider, which names no row here';
/** Every other id field of a body, and why it names no row of an org. */
export const NOT_ROWS: Readonly<Record<string, string>> = {
  'POST /actions operation_id': CALLERS_OWN,
  'PATCH /actions/{id} operation_id': CALLERS_OWN,
  'POST /agents voice_id': PROVIDERS,
  'PATCH /agents/{id} voice_id': PROVIDERS,
  'POST /manage/v1/agents voice_id': PROVIDERS,
  'POST /partner/v1/orgs/{orgId}/agents voice_id': PROVIDERS,
  'PATCH /manage/v1/agents/{id} voice_id': PROVIDERS,
  'POST /phone voice_id': PROVIDERS,
  'PATCH /phone/{id} voice_id': PROVIDERS,
  'PATCH /chat/sessions/{id} ticketing_system.external_id': CALLERS_OWN,
  'POST /chat/sessions/{id}/send agent.id': CALLERS_OWN,
  'POST /manage/v1/api-keys/{id}/check credential_id': CREDENTIAL,
  'POST /partner/v1/orgs/{orgId}/api-keys/{keyId}/check credential_id': CREDENTIAL,
  'POST /whoami/check credential_id': CREDENTIAL,
  'POST /manage/v1/api-keys/bulk filter.ids': CONDITION,
  'POST /partner/v1/orgs/{orgId}/api-keys/bulk filter.ids': CONDITION,
  'POST /operator/v1/api-keys/revoke-all org_id': OF_ANY,
  'POST /operator/v1/api-keys/revoke-all partner_id': OF_ANY,
  'POST /events agent_id': CALLERS_OWN,
  'POST /events crm_id': CALLERS_OWN,
  'POST /partner/v1/orgs external_id': CALLERS_OWN,
  'POST /partner/v1/orgs/{orgId}/api-keys external_id': CALLERS_OWN,
  'PATCH /partner/v1/orgs/{orgId}/api-keys/{keyId} external_id': CALLERS_OWN,
  'POST /manage/v1/api-keys external_id': CALLERS_OWN,
  'POST /manage/v1/api-keys/import keys.[].external_id': CALLERS_OWN,
  'POST /partner/v1/orgs/{orgId}/api-keys/import keys.[].external_id': CALLERS_OWN,
  'PATCH /manage/v1/api-keys/{id} external_id': CALLERS_OWN,
  'POST /sequences custom_id': CALLERS_OWN,
  'PATCH /sequences/{sequence_id} custom_id': CALLERS_OWN,
  'POST /v1/open/contacts/chatbots/{agent_id} external_reference_id': CALLERS_OWN,
  'PUT /v1/open/contacts/{contact_id}/chatbots/{agent_id} external_reference_id': CALLERS_OWN,
  'PUT /v1/open/contacts/ref/{external_reference_id}/chatbots/{agent_id} external_reference_id': CALLERS_OWN,
  'POST /partner/v1/orgs/{orgId}/whatsapp-numbers id': PROVIDERS,
  'PUT /whatsapp/phone-numbers id': PROVIDERS,
  'POST /workflows workflow_blocks.[].id': 'the name of a block within the workflow',
  'PATCH /workflows/{workflow_id} workflow_blocks.[].id': 'the name of a block within the workflow',
};
