import { randomBytes, randomUUID } from 'node:crypto';
import type { Client } from '../../support/start-app.js';
import { tagBlock } from '../../support/workflows.js';
import { ACTION, ACTION_CREDENTIAL, OFFICE_HOURS, STEP, unique } from './row-bodies.js';

/** The clients of the scenarios, and factories for the data that a call needs. */
export interface Callers {
  /** A key with every scope of the org. */
  readonly key: Client;
  /** A session of the org's Owner. */
  readonly owner: Client;
  /** The partner of the org. */
  readonly partner: Client;
  readonly orgId: string;
  /** Creates a member. Returns a session and the id of the user. */
  newMember(): Promise<{ client: Client; userId: string }>;
  /** Creates a login link of the org. Returns its token. */
  newLoginLink(): Promise<string>;
  newOrg(): Promise<string>;
  /** Registers a WhatsApp number that the partner may assign. */
  newNumber(): Promise<string>;
  roleId: string;
}

/** The parameters and body of a call. */
export interface Call {
  readonly by?: Client;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly file?: { readonly content: string; readonly filename: string };
  /** The org whose chain gets the entry, if not the caller's. */
  readonly orgId?: string;
}

/** Prepares a call that must add an audit entry. */
export type Scenario = (callers: Callers) => Call | Promise<Call>;

const TRUNK = { name: 'Carrier', host: 'sip.example', username: 'acme', password: 'x9', caller_number: '+4930123456' };
const WEBHOOK = { url: 'https://hooks.acme.example/gatehouse', events: ['conversation.message_added'] };
const WORKFLOW = { name: 'Triage', trigger_type: 'webhook', workflow_blocks: [tagBlock('tag', 'vip')] };
const OPENAPI = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Orders', version: '1' },
  servers: [{ url: 'https://api.acme.example' }],
  paths: { '/orders': { get: { responses: {} } } },
});
const importBody = () => ({
  import: {
    name: 'Old product',
    hash: { algorithm: 'sha256' },
    tokens: { min_length: 40, max_length: 40, alphabet: 'hex' },
  },
  keys: [{ hash: randomBytes(32).toString('hex'), scopes: ['tags:read'] }],
});
const domain = () => `${randomUUID().slice(0, 12)}.example`;

/** Creates a row through the API. Returns its id, or another identifying field. */
async function make(client: Client, path: string, body: object, field = 'id', verb: 'post' | 'put' = 'post') {
  const answer = await client[verb](path).send(body);
  if (answer.status >= 300) throw new Error(`${verb} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return (answer.body as Record<string, string>)[field]!;
}

interface Plain {
  readonly path: string;
  readonly body: () => object;
  readonly change: object;
  readonly verb?: 'PATCH' | 'PUT';
  readonly param?: string;
}

/** Resources with plain routes that create, change and delete. */
const PLAIN: readonly Plain[] = [
  {
    path: '/action-credentials',
    body: () => ({ name: unique('CRM'), ...ACTION_CREDENTIAL }),
    change: { secret: 'rotated' },
  },
  { path: '/actions', body: () => ACTION, change: { pinned: true }, param: 'action_id' },
  { path: '/agents', body: () => ({ name: unique('Agent') }), change: { name: 'Renamed' } },
  { path: '/crawl', body: () => ({ url: `https://${domain()}/`, auto_start_crawl: false }), change: { page_limit: 5 } },
  { path: '/knowledge-bases', body: () => ({ name: unique('Base') }), change: { name: 'Renamed' } },
  {
    path: '/office-hours',
    body: () => OFFICE_HOURS,
    change: { name: 'Renamed' },
  },
  { path: '/phone', body: () => ({ name: 'Reception' }), change: { name: 'Renamed' }, param: 'phone_agent_id' },
  { path: '/phone/sip/outbound-trunks', body: () => TRUNK, change: { password: 'y9' } },
  {
    path: '/sla/policies',
    body: () => ({ name: unique('SLA'), targets: { first_reply_seconds: 3_600 } }),
    change: { name: unique('SLA') },
  },
  { path: '/webhooks', body: () => WEBHOOK, change: { is_enabled: false } },
  {
    path: '/training',
    body: () => ({ title: 'Refunds', content: 'In five days.' }),
    change: { content: 'In six days.' },
    verb: 'PUT',
  },
];

/** Scenarios for the routes of the plain resources. */
export function plainScenarios(names: readonly string[]): Record<string, Scenario> {
  const scenarios: Record<string, Scenario> = {};
  for (const { path, body, change, verb = 'PATCH' } of PLAIN) {
    const one = names.find((name) => name.startsWith(`DELETE ${path}/:`))!.slice('DELETE '.length);
    const param = /:(\w+)$/.exec(one)![1]!;
    const made = async ({ key }: Callers) => ({ [param]: await make(key, path, body()) });
    scenarios[`POST ${path}`] = () => ({ body: body() });
    scenarios[`${verb} ${one}`] = async (callers) => ({ params: await made(callers), body: change });
    scenarios[`DELETE ${one}`] = async (callers) => ({ params: await made(callers) });
  }
  return scenarios;
}

const team = ({ key }: Callers) => make(key, '/teams', { name: unique('Team') });
const category = ({ key }: Callers) => make(key, '/help-center/categories', { name: unique('Category') });
const newArticle = async (callers: Callers) => ({
  title: unique('Article'),
  content: 'Text.',
  category_id: await category(callers),
});
const article = async (callers: Callers) => make(callers.key, '/help-center/articles', await newArticle(callers));
const sequence = ({ key }: Callers, fields: object = {}) =>
  make(key, '/sequences', { filter: null, steps: [STEP], ...fields });
const workflow = ({ key }: Callers) => make(key, '/workflows', WORKFLOW, 'workflow_id');
const mailDomain = ({ key }: Callers) => make(key, '/email/domains', { domain_name: domain() }, 'domain_name', 'put');
const apiKey = ({ owner }: Callers) => make(owner, '/manage/v1/api-keys', { name: 'Key', access: 'full' });
const twoScopes = ({ owner }: Callers) =>
  make(owner, '/manage/v1/api-keys', { name: 'Key', scopes: ['contacts:read', 'tags:read'] });
const integration = ({ key }: Callers) =>
  make(key, '/integrations', { provider: 'fareharbor', name: unique('Fare'), credentials: CREDENTIALS });
const CREDENTIALS = { app_key: 'app', user_key: 'user' };
const message = async ({ key }: Callers) => {
  const session = await make(key, '/chat/sessions', {});
  await key.post(`/chat/sessions/${session}/send`).send({ sender: 'contact', message: { type: 'text', text: 'Hi' } });
  const { body } = await key.get(`/chat/sessions/${session}/history`).expect(200);
  return { session, message: (body as { items: { id: string }[] }).items[0]!.id };
};

/** Scenarios for the changes of one key of a partner's org. */
function partnerKeyScenarios(): Record<string, Scenario> {
  const call =
    (body: object | undefined, ...before: readonly string[]): Scenario =>
    async ({ partner, orgId }) => {
      const keyId = await make(partner, `/partner/v1/orgs/${orgId}/api-keys`, {}, 'api_key_id');
      for (const step of before) await partner.post(`/partner/v1/orgs/${orgId}/api-keys/${keyId}/${step}`).expect(200);
      return { by: partner, params: { orgId, keyId }, ...(body && { body }) };
    };
  return {
    'PATCH /partner/v1/orgs/:orgId/api-keys/:keyId': call({ tags: ['vip'] }),
    'POST /partner/v1/orgs/:orgId/api-keys/:keyId/rotate': call({}),
    'POST /partner/v1/orgs/:orgId/api-keys/:keyId/suspend': call(undefined),
    'POST /partner/v1/orgs/:orgId/api-keys/:keyId/resume': call(undefined, 'suspend'),
    'POST /partner/v1/orgs/:orgId/api-keys/:keyId/revoke': call(undefined),
  };
}
const KEY_WEBHOOK = { url: 'https://hooks.acme.example/keys', events: ['api_key.*'] };
const webhook = ({ owner }: Callers) => make(owner, '/manage/v1/webhooks', KEY_WEBHOOK);

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'POST /manage/v1/webhooks': ({ owner }) => ({ by: owner, body: KEY_WEBHOOK }),
  'PATCH /manage/v1/webhooks/:id': async (callers) => ({
    by: callers.owner,
    params: { id: await webhook(callers) },
    body: { events: ['*'] },
  }),
  'DELETE /manage/v1/webhooks/:id': async (callers) => ({
    by: callers.owner,
    params: { id: await webhook(callers) },
  }),
  'POST /manage/v1/webhooks/:id/rotate-secret': async (callers) => ({
    by: callers.owner,
    params: { id: await webhook(callers) },
    body: {},
  }),
  'PUT /actions': () => ({ file: { content: OPENAPI, filename: 'api.json' } }),
  'PATCH /autopilot/channels/:channel': () => ({ params: { channel: 'web' }, body: { enabled: true } }),
  'POST /autopilot/topics': () => ({ body: { topic: unique('Politics'), mode: 'handoff' } }),
  'DELETE /autopilot/topics/:id': async ({ key }) => ({
    params: { id: await make(key, '/autopilot/topics', { topic: unique('Politics'), mode: 'handoff' }) },
  }),
  'POST /blocklist/contacts': () => ({ body: { email: `spam@${domain()}` } }),
  'DELETE /blocklist/contacts/:id': async ({ key }) => ({
    params: { id: await make(key, '/blocklist/contacts', { email: `spam@${domain()}` }) },
  }),
  'POST /blocklist/domains': () => ({ body: { domains: domain() } }),
  'DELETE /blocklist/domains/:id': async ({ key }) => {
    const { body } = await key.post('/blocklist/domains').send({ domains: domain() }).expect(200);
    return { params: { id: (body as { blocked: { id: string }[] }).blocked[0]!.id } };
  },
  'PUT /csat/settings': () => ({ body: { auto_send: true, delay_minutes: 5, channels: { web: true } } }),
  'PUT /email/domains': () => ({ body: { domain_name: domain() } }),
  'PATCH /email/domains/:domain_name': async (callers) => ({ params: { domain_name: await mailDomain(callers) } }),
  'DELETE /email/domains/:domain_name': async (callers) => ({ params: { domain_name: await mailDomain(callers) } }),
  'PUT /help-center': () => ({ body: { name: unique('Help'), primary_language: 'en', custom_domain: domain() } }),
  'POST /help-center/categories': () => ({ body: { name: unique('Category') } }),
  'PATCH /help-center/categories/:id': async (callers) => ({
    params: { id: await category(callers) },
    body: { name: 'Renamed' },
  }),
  'DELETE /help-center/categories/:id': async (callers) => ({ params: { id: await category(callers) } }),
  'POST /help-center/articles': async (callers) => ({ body: await newArticle(callers) }),
  'PATCH /help-center/articles/:id': async (callers) => ({
    params: { id: await article(callers) },
    body: { content: 'Other text.' },
  }),
  'DELETE /help-center/articles/:id': async (callers) => ({ params: { id: await article(callers) } }),
  'POST /help-center/articles/:id/publish': async (callers) => ({ params: { id: await article(callers) } }),
  'POST /help-center/articles/:id/unpublish': async (callers) => {
    const id = await article(callers);
    await callers.key.post(`/help-center/articles/${id}/publish`).expect(200);
    return { params: { id } };
  },
  'POST /knowledge-bases/:id/documents': async ({ key }) => ({
    params: { id: await make(key, '/knowledge-bases', { name: unique('Base') }) },
    body: { title: 'Arrival', content: 'From three.' },
  }),
  'DELETE /knowledge-bases/:id/documents/:document_id': async ({ key }) => {
    const id = await make(key, '/knowledge-bases', { name: unique('Base') });
    const document = { title: 'Arrival', content: 'From three.' };
    return { params: { id, document_id: await make(key, `/knowledge-bases/${id}/documents`, document) } };
  },
  'PATCH /org': () => ({ body: { name: unique('Acme') } }),
  'POST /phone/sip/inbound-trunk': () => ({ body: {} }),
  // Deletes the trunk of the previous scenario.
  'DELETE /phone/sip/inbound-trunk': () => ({}),
  'POST /redaction/message': async (callers) => ({ body: { message_id: (await message(callers)).message } }),
  'POST /redaction/session': async (callers) => ({ body: { session_id: (await message(callers)).session } }),
  'POST /sequences': () => ({ body: { filter: null, steps: [STEP] } }),
  'PATCH /sequences/:sequence_id': async (callers) => ({
    params: { sequence_id: await sequence(callers) },
    body: { name: 'Renamed' },
  }),
  'PUT /sequences/:sequence_id/start': async (callers) => ({
    params: { sequence_id: await sequence(callers, { is_continuous: false }) },
  }),
  'PUT /sequences/:sequence_id/cancel': async (callers) => ({ params: { sequence_id: await sequence(callers) } }),
  'PUT /tags': () => ({ body: { tag_name: unique('vip') } }),
  'DELETE /tags/:tag_name': async ({ key }) => ({
    params: { tag_name: await make(key, '/tags', { tag_name: randomUUID() }, 'tag_name', 'put') },
  }),
  'POST /teams': () => ({ body: { name: unique('Team') } }),
  'PUT /teams/:id': async (callers) => ({ params: { id: await team(callers) }, body: { name: unique('Team') } }),
  'DELETE /teams/:id': async (callers) => ({ params: { id: await team(callers) } }),
  'POST /teams/:id/users': async (callers) => ({
    params: { id: await team(callers) },
    body: { user_id: (await callers.newMember()).userId },
  }),
  'DELETE /teams/:id/users/:user_id': async (callers) => {
    const [id, { userId: user_id }] = [await team(callers), await callers.newMember()];
    await callers.key.post(`/teams/${id}/users`).send({ user_id }).expect(200);
    return { params: { id, user_id } };
  },
  'PATCH /widget/config': () => ({ body: { allowed_origins: [domain()] } }),
  'POST /widget/token/rotate': () => ({}),
  'POST /workflows': () => ({ body: WORKFLOW }),
  'PATCH /workflows/:workflow_id': async (callers) => ({
    params: { workflow_id: await workflow(callers) },
    body: { name: 'Renamed' },
  }),
  'POST /workflows/:workflow_id/activate': async (callers) => ({
    params: { workflow_id: await workflow(callers) },
    body: {},
  }),
  'POST /workflows/:workflow_id/deactivate': async (callers) => {
    const workflow_id = await workflow(callers);
    await callers.key.post(`/workflows/${workflow_id}/activate`).send({}).expect(200);
    return { params: { workflow_id }, body: {} };
  },
  'DELETE /workflows/:workflow_id': async (callers) => ({ params: { workflow_id: await workflow(callers) } }),
  'POST /integrations': () => ({ body: { provider: 'fareharbor', name: unique('Fare'), credentials: CREDENTIALS } }),
  'PATCH /integrations/:id': async (callers) => ({
    params: { id: await integration(callers) },
    body: { credentials: CREDENTIALS },
  }),
  'DELETE /integrations/:id': async (callers) => ({ params: { id: await integration(callers) } }),

  'POST /session/login-link': async ({ newLoginLink }) => ({ body: { token: await newLoginLink() } }),
  'DELETE /session': async ({ newMember }) => ({ by: (await newMember()).client }),
  'POST /manage/v1/api-keys': ({ owner }) => ({ by: owner, body: { name: 'Key', access: 'full' } }),
  'POST /manage/v1/api-keys/import': ({ owner }) => ({ by: owner, body: importBody() }),
  'PATCH /manage/v1/api-keys/:id': async (callers) => ({
    by: callers.owner,
    params: { id: await apiKey(callers) },
    body: { name: 'Renamed' },
  }),
  'POST /manage/v1/api-keys/:id/acknowledge': async (callers) => ({
    by: callers.owner,
    params: { id: await apiKey(callers) },
  }),
  'POST /manage/v1/api-keys/:id/rotate': async (callers) => ({
    by: callers.owner,
    params: { id: await apiKey(callers) },
    body: {},
  }),
  'POST /manage/v1/api-keys/bulk': async (callers) => ({
    by: callers.owner,
    body: { filter: { ids: [await apiKey(callers)] }, action: 'suspend' },
  }),
  'POST /partner/v1/orgs/:orgId/api-keys/bulk': async (callers) => ({
    by: callers.partner,
    params: { orgId: callers.orgId },
    body: { filter: { ids: [await apiKey(callers)] }, action: 'suspend' },
  }),
  'POST /manage/v1/api-keys/:id/suspend': async (callers) => ({
    by: callers.owner,
    params: { id: await apiKey(callers) },
  }),
  'POST /manage/v1/api-keys/:id/resume': async (callers) => {
    const id = await apiKey(callers);
    await callers.owner.post(`/manage/v1/api-keys/${id}/suspend`).expect(200);
    return { by: callers.owner, params: { id } };
  },
  'POST /manage/v1/api-keys/:id/revoke': async (callers) => ({
    by: callers.owner,
    params: { id: await apiKey(callers) },
  }),
  'POST /manage/v1/api-keys/:id/scopes/remove': async (callers) => ({
    by: callers.owner,
    params: { id: await twoScopes(callers) },
    body: { scopes: ['tags:read'] },
  }),
  'POST /manage/v1/api-keys/:id/scopes/restore': async ({ owner, ...callers }) => {
    const id = await twoScopes({ owner, ...callers });
    await owner
      .post(`/manage/v1/api-keys/${id}/scopes/remove`)
      .send({ scopes: ['tags:read'] })
      .expect(200);
    return { by: owner, params: { id } };
  },
  'DELETE /manage/v1/api-keys/:id': async (callers) => ({ by: callers.owner, params: { id: await apiKey(callers) } }),
  'POST /manage/v1/agents': ({ owner }) => ({ by: owner, body: { name: unique('Agent') } }),
  'PATCH /manage/v1/agents/:id': async ({ owner }) => ({
    by: owner,
    params: { id: await make(owner, '/manage/v1/agents', { name: unique('Agent') }) },
    body: { name: 'Renamed' },
  }),
  'DELETE /manage/v1/agents/:id': async ({ owner }) => ({
    by: owner,
    params: { id: await make(owner, '/manage/v1/agents', { name: unique('Agent') }) },
  }),
  'POST /manage/v1/members': ({ owner, roleId }) => ({
    by: owner,
    body: { email: `new@${domain()}`, role_id: roleId },
  }),
  'PATCH /manage/v1/members/:user_id': async ({ owner, newMember, roleId }) => ({
    by: owner,
    params: { user_id: (await newMember()).userId },
    body: { role_id: roleId },
  }),
  'DELETE /manage/v1/members/:user_id': async ({ owner, newMember }) => ({
    by: owner,
    params: { user_id: (await newMember()).userId },
  }),
  'PATCH /manage/v1/org': ({ owner }) => ({ by: owner, body: { name: unique('Acme') } }),
  'PUT /manage/v1/key-policy': ({ owner }) => ({ by: owner, body: { max_active_keys: 500 } }),

  'PUT /partner/v1/orgs/:orgId/key-policy': ({ partner, orgId }) => ({
    by: partner,
    params: { orgId },
    body: { max_active_keys: 400 },
  }),
  'POST /partner/v1/orgs': ({ partner }) => ({ by: partner, body: { name: 'Another' } }),
  'PATCH /partner/v1/orgs/:orgId': ({ partner, orgId }) => ({
    by: partner,
    params: { orgId },
    body: { name: unique('Acme') },
  }),
  'POST /partner/v1/orgs/:orgId/suspend': async ({ partner, newOrg }) => {
    const orgId = await newOrg();
    return { by: partner, params: { orgId }, orgId };
  },
  'POST /partner/v1/orgs/:orgId/resume': async ({ partner, newOrg }) => {
    const orgId = await newOrg();
    await partner.post(`/partner/v1/orgs/${orgId}/suspend`).expect(200);
    return { by: partner, params: { orgId }, orgId };
  },
  'DELETE /partner/v1/orgs/:orgId': async ({ partner, newOrg }) => {
    const orgId = await newOrg();
    return { by: partner, params: { orgId }, orgId };
  },
  'POST /partner/v1/orgs/:orgId/api-keys': ({ partner, orgId }) => ({ by: partner, params: { orgId }, body: {} }),
  'POST /partner/v1/orgs/:orgId/api-keys/import': ({ partner, orgId }) => ({
    by: partner,
    params: { orgId },
    body: importBody(),
  }),
  'DELETE /partner/v1/orgs/:orgId/api-keys/:keyId': async ({ partner, orgId }) => ({
    by: partner,
    params: { orgId, keyId: await make(partner, `/partner/v1/orgs/${orgId}/api-keys`, {}, 'api_key_id') },
  }),
  ...partnerKeyScenarios(),
  'POST /partner/v1/orgs/:orgId/agents': ({ partner, orgId }) => ({
    by: partner,
    params: { orgId },
    body: { name: unique('Agent') },
  }),
  'POST /partner/v1/orgs/:orgId/members': ({ partner, orgId, roleId }) => ({
    by: partner,
    params: { orgId },
    body: { email: `new@${domain()}`, role_id: roleId },
  }),
  'PATCH /partner/v1/orgs/:orgId/members/:userId': async ({ partner, orgId, newMember, roleId }) => ({
    by: partner,
    params: { orgId, userId: (await newMember()).userId },
    body: { role_id: roleId },
  }),
  'DELETE /partner/v1/orgs/:orgId/members/:userId': async ({ partner, orgId, newMember }) => ({
    by: partner,
    params: { orgId, userId: (await newMember()).userId },
  }),
  'POST /partner/v1/orgs/:orgId/whatsapp-numbers': async ({ partner, orgId, newNumber }) => ({
    by: partner,
    params: { orgId },
    body: { id: await newNumber(), display_phone_number: '+49 30 1', verified_name: 'Acme' },
  }),
  'DELETE /partner/v1/orgs/:orgId/whatsapp-numbers/:numberId': async ({ partner, orgId, newNumber }) => {
    const number = { id: await newNumber(), display_phone_number: '+49 30 1', verified_name: 'Acme' };
    const numberId = await make(partner, `/partner/v1/orgs/${orgId}/whatsapp-numbers`, number);
    return { by: partner, params: { orgId, numberId } };
  },
  'POST /partner/v1/orgs/:orgId/login-links': ({ partner, orgId }) => ({
    by: partner,
    params: { orgId },
    body: { email: `jane@${domain()}` },
  }),
};
