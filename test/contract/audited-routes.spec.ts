import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { NumberAssignments } from '../../src/tenancy/whatsapp-numbers/number-assignments.service.js';
import { newLoginLink, rolesOf } from '../support/login-links.js';
import { insertVerifiedDomain } from '../support/sender-domains.js';
import type { Client, TestOrg, TestServer } from '../support/start-app.js';
import { StubServer } from '../support/stub-server.js';
import { isLifecycleEvent } from '../../src/kit/webhooks/lifecycle-events.js';
import { type Call, type Callers, plainScenarios, SCENARIOS } from './support/audited-calls.js';
import { isInternal } from './support/internal-actions.js';
import { concretePath, type ServedRoute, startServer } from './support/served-routes.js';

const DATA = 'it writes rows of data, which are no settings';
const QUESTION = 'it answers a question, and changes nothing';
const INSTALLATION = 'its entries are in the chain of the installation: test/features/operator-services.spec.ts';
const BY_OPERATOR = 'the operator adds the entry: test/features/suspended-orgs.spec.ts';
const POLICY = 'its entries are in the chain of the installation: test/features/key-policies.spec.ts';
const EACH_KEY = 'it adds an entry for each key: test/features/bulk-keys.spec.ts';
const LATER = 'a job does the work and audits it: test/features/leaked-keys.spec.ts';
const WORK = 'it starts work, and changes no setting';
const OWN_WEBHOOKS = 'its entries are in the chain of the installation: test/features/webhook-owners.spec.ts';
/** The writing routes that add no audit entry to the chain of an org, and why. */
const NOT_AUDITED: Readonly<Record<string, string>> = {
  'POST /contacts': DATA,
  'POST /contacts/bulk': DATA,
  'PATCH /contacts/:id': DATA,
  'DELETE /contacts/:id': DATA,
  'POST /chat/sessions': DATA,
  'PATCH /chat/sessions/:id': DATA,
  'POST /chat/sessions/:id/send': DATA,
  'PUT /chat/sessions/:id/tags/:tag_name': DATA,
  'DELETE /chat/sessions/:id/tags/:tag_name': DATA,
  'PUT /chat/sessions/:id/assignee': DATA,
  'POST /chat/sessions/:id/handoff': DATA,
  'POST /csat/scores': DATA,
  'POST /surveys/:org_id/:session_id/:score': DATA,
  'POST /calls': DATA,
  'PATCH /calls/:id': DATA,
  'DELETE /calls/:id': DATA,
  'POST /leads': DATA,
  'POST /leads/bulk': DATA,
  'PATCH /leads/:id': DATA,
  'DELETE /leads/:id': DATA,
  'POST /insights/:id/resolve': DATA,
  'POST /insights/:id/unresolve': DATA,
  'POST /insights/:id/archive': DATA,
  'POST /insights/:id/assign': DATA,
  'POST /media/upload': DATA,
  'POST /events': DATA,
  'ALL /v1/forward-auth/:service': QUESTION,
  'ALL /v1/forward-auth/:service/*': QUESTION,
  'POST /v1/verify': QUESTION,
  'POST /v1/verify::batch': QUESTION,
  'POST /oauth2/introspect': QUESTION,
  'POST /manage/v1/api-keys/:id/check': QUESTION,
  'POST /partner/v1/orgs/:orgId/api-keys/:keyId/check': QUESTION,
  'POST /whoami/check': QUESTION,
  'POST /manage/v1/key-policy/preview': QUESTION,
  'POST /partner/v1/key-policy/preview': QUESTION,
  'POST /partner/v1/orgs/:orgId/key-policy/preview': QUESTION,
  'POST /operator/v1/key-policy/preview': QUESTION,
  'POST /unsubscribe/:token': DATA,
  'POST /v1/open/contacts/chatbots/:agent_id': DATA,
  'PUT /v1/open/contacts/:contact_id/chatbots/:agent_id': DATA,
  'DELETE /v1/open/contacts/:contact_id/chatbots/:agent_id': DATA,
  'PUT /v1/open/contacts/ref/:external_reference_id/chatbots/:agent_id': DATA,
  'PATCH /v1/open/contacts/:contact_id/chatbots/:agent_id/archive': DATA,
  'POST /v1/open/contacts/:contact_id/files/chatbots/:agent_id': DATA,
  'DELETE /v1/open/contacts/:contact_id/files/:file_id/chatbots/:agent_id': DATA,
  'POST /v1/open/document-extraction/chatbots/:agent_id': WORK,
  'POST /crawl/:id/crawls': WORK,
  'POST /email': WORK,
  'POST /email/bounces': DATA,
  'POST /whatsapp/send-template': WORK,
  'POST /sequences/:sequence_id/contacts': WORK,
  'POST /workflows/webhooks/:webhook_token': WORK,
  'POST /manage/v1/webhooks/:id/test': WORK,
  'POST /manage/v1/webhooks/:id/replay': WORK,
  'POST /manage/v1/webhooks/:id/deliveries/:delivery_id/replay': WORK,
  'POST /partner/v1/webhooks/:id/test': WORK,
  'POST /partner/v1/webhooks/:id/replay': WORK,
  'POST /partner/v1/webhooks/:id/deliveries/:delivery_id/replay': WORK,
  'POST /operator/v1/webhooks/:id/test': WORK,
  'POST /operator/v1/webhooks/:id/replay': WORK,
  'POST /operator/v1/webhooks/:id/deliveries/:delivery_id/replay': WORK,
  'POST /partner/v1/webhooks': OWN_WEBHOOKS,
  'PATCH /partner/v1/webhooks/:id': OWN_WEBHOOKS,
  'DELETE /partner/v1/webhooks/:id': OWN_WEBHOOKS,
  'POST /partner/v1/webhooks/:id/rotate-secret': OWN_WEBHOOKS,
  'POST /operator/v1/webhooks': OWN_WEBHOOKS,
  'PATCH /operator/v1/webhooks/:id': OWN_WEBHOOKS,
  'DELETE /operator/v1/webhooks/:id': OWN_WEBHOOKS,
  'POST /operator/v1/webhooks/:id/rotate-secret': OWN_WEBHOOKS,
  'POST /manage/v1/api-keys/revoke-all': EACH_KEY,
  'POST /partner/v1/orgs/:orgId/api-keys/revoke-all': EACH_KEY,
  'POST /partner/v1/api-keys/revoke-all': EACH_KEY,
  'POST /operator/v1/api-keys/revoke-all': EACH_KEY,
  'PUT /operator/v1/services/:service': INSTALLATION,
  'DELETE /operator/v1/services/:service': INSTALLATION,
  'POST /operator/v1/services/:service/suspend': INSTALLATION,
  'POST /operator/v1/services/:service/resume': INSTALLATION,
  'POST /operator/v1/orgs/:org_id/suspend': BY_OPERATOR,
  'POST /operator/v1/orgs/:org_id/resume': BY_OPERATOR,
  'POST /operator/v1/services/:service/keys': INSTALLATION,
  'POST /operator/v1/services/:service/keys/:key_id/revoke': INSTALLATION,
  'PUT /partner/v1/key-policy': POLICY,
  'PUT /operator/v1/key-policy': POLICY,
  'POST /credentials/revoke': LATER,
  'POST /leaks/github': LATER,
  'PUT /whatsapp/phone-numbers': 'the partner and the operator assign numbers; a key only describes one',
  'PUT /whatsapp/templates': 'WhatsApp holds the templates; a key only describes one here',
};

let server: TestServer;
let writing: ServedRoute[];
let org: TestOrg;
let callers: Callers;
let provider: StubServer;
let scenarios: Readonly<Record<string, (from: Callers) => Call | Promise<Call>>>;

beforeAll(async () => {
  provider = await StubServer.start();
  provider.answers(200, { companies: [] });
  const started = await startServer({
    OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${provider.port}`,
    INTEGRATION_BASE_URLS: `fareharbor=${provider.url}`,
  });
  ({ server } = started);
  writing = started.routes.filter(({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method));
  scenarios = { ...plainScenarios(writing.map(({ name }) => name)), ...SCENARIOS };
  org = await server.newOrg();
  await insertVerifiedDomain(server.database.pool, org.id, 'acme.example');
  callers = {
    key: await server.newClient(org),
    owner: server.signedIn(await server.newSession(org)),
    partner: server.as(org.partner.key),
    orgId: org.id,
    newNumber: async () => {
      const id = `3000${++numbers}`;
      await server.app.get(NumberAssignments).handTo(OPERATOR, org.partner.id, { id });
      return id;
    },
    newOrg: async () => (await server.newOrg(org.partner)).id,
    newLoginLink: async () => (await newLoginLink(server, org)).token,
    newMember,
    roleId: (await rolesOf(server, org)).Admin,
  };
});
afterAll(async () => {
  await server.close();
  await provider.close();
});

let numbers = 0;
let members = 0;
async function newMember(): Promise<{ client: Client; userId: string }> {
  const client = server.signedIn(await server.newSession(org, `member-${++members}@acmetours.example`));
  const { body } = await client.get('/session').expect(200);
  return { client, userId: (body as { user: { id: string } }).user.id };
}

interface Entry {
  readonly sequence: number;
  readonly action: string;
  readonly actor_type: string;
  readonly target_type: string;
  readonly target_name: string;
}

async function entriesOf(chain: string): Promise<Entry[]> {
  const sql = `SELECT sequence, action, actor_type, target_type, target_name FROM audit_entries
    WHERE chain = $1 ORDER BY sequence`;
  return (await server.database.query(sql, [chain])).rows as unknown as Entry[];
}

function send({ method, path }: ServedRoute, { by, params, body, file }: Call) {
  const verb = method.toLowerCase() as 'post' | 'put' | 'patch' | 'delete';
  const encoded = Object.entries(params ?? {}).map(([name, value]) => [name, encodeURIComponent(value)]);
  const asked = (by ?? callers.key)[verb](concretePath(path, Object.fromEntries(encoded)));
  if (file) return asked.attach('file', Buffer.from(file.content), { filename: file.filename });
  return body === undefined ? asked : asked.send(body);
}

const ACTORS: Readonly<Record<string, string>> = { org: 'api_key', user: 'user', partner: 'partner', public: 'user' };

/** The problems of the audit entries that a call of a route adds. */
async function problemsOf(route: ServedRoute): Promise<string[]> {
  const call = await scenarios[route.name]!(callers);
  const chain = call.orgId ?? org.id;
  const before = await entriesOf(chain);
  const { status, body } = await send(route, call);
  if (status >= 300) return [`${status} ${JSON.stringify(body)}`];
  const made = route.name === 'POST /partner/v1/orgs' ? (body as { id: string }).id : chain;
  const entries = (await entriesOf(made)).slice(made === chain ? before.length : 0);
  // Ignore entries of background jobs, which earlier calls may have started.
  const added = entries.filter(({ actor_type }) => actor_type !== 'system');
  if (added.length === 0) return ['no entry'];
  return added.flatMap(({ action, actor_type, target_name }) => [
    ...(actor_type === ACTORS[route.policy.audience] ? [] : [`${action} by ${actor_type}`]),
    ...(/^[a-z_]+\.[a-z_]+$/.test(action) && target_name !== '' ? [] : [`${action} names nothing`]),
    ...(isLifecycleEvent(action) || isInternal(action) ? [] : [`${action} is neither public nor internal`]),
  ]);
}

test('every writing route has a scenario here or is listed as not audited', () => {
  const listed = [...Object.keys(scenarios), ...Object.keys(NOT_AUDITED)];
  expect(listed.toSorted()).toEqual([...new Set(writing.map(({ name }) => name))].toSorted());
});

test('every other writing route adds an entry with its actor to the chain of the org', async () => {
  const wrong: string[] = [];
  // In the order of declaration, because a route that deletes a singleton needs the one that creates it before.
  for (const route of writing.filter(({ name }) => name in scenarios)) {
    wrong.push(
      ...(await problemsOf(route).catch((error: Error) => [error.message])).map((each) => `${route.name}: ${each}`),
    );
  }
  expect(wrong).toEqual([]);
});

test('a refused call and a call that changes nothing add no entry', async () => {
  const { key } = callers;
  const { id } = (await key.post('/teams').send({ name: 'Front desk' }).expect(201)).body as { id: string };
  const before = await entriesOf(org.id);
  await key.put(`/teams/${id}`).send({ name: 'Front desk' }).expect(200);
  await key.post('/teams').send({ name: 'Front desk' }).expect(409);
  await key.put(`/teams/${id}`).send({ name: '' }).expect(400);
  await key.delete('/teams/0198a2f0-0000-7000-8000-000000000000').expect(404);
  expect(await entriesOf(org.id)).toEqual(before);
});

test('a call repeated with its Idempotency-Key adds one entry', async () => {
  const send = () => callers.key.post('/teams').set('Idempotency-Key', 'team-1').send({ name: 'Night shift' });
  const before = await entriesOf(org.id);
  const [first, second] = [await send().expect(201), await send().expect(201)];
  expect(second.body).toEqual(first.body);
  expect((await entriesOf(org.id)).slice(before.length)).toMatchObject([{ action: 'team.created' }]);
});

describe('an audit entry', () => {
  const changesOf = async (action: string) => {
    const sql = `SELECT changes, target_id, target_name FROM audit_entries
      WHERE chain = $1 AND action = $2 ORDER BY sequence DESC LIMIT 1`;
    return (await server.database.query(sql, [org.id, action])).rows[0];
  };

  it('of a team names the added members', async () => {
    const { id } = (await callers.key.post('/teams').send({ name: 'Evening' }).expect(201)).body as { id: string };
    const { userId } = await newMember();
    await callers.key.post(`/teams/${id}/users`).send({ user_id: userId }).expect(200);
    const after = [{ id: userId, name: expect.any(String), email: expect.any(String) }];
    const changes = { users: { before: [], after } };
    expect(await changesOf('team.updated')).toEqual({ target_id: id, target_name: 'Evening', changes });
  });

  it('of a SIP trunk says that the password was replaced, without the password', async () => {
    const trunk = { name: 'Carrier', host: 'sip.example', username: 'acme', caller_number: '+4930123456' };
    const made = await callers.key.post('/phone/sip/outbound-trunks').send({ ...trunk, password: 'pass-one' });
    const path = `/phone/sip/outbound-trunks/${(made.body as { id: string }).id}`;
    await callers.key.patch(path).send({ password: 'pass-two' }).expect(200);
    const changes = { password: { before: '(not kept)', after: '(not kept)' } };
    expect(await changesOf('sip_outbound_trunk.updated')).toMatchObject({ target_name: 'Carrier', changes });
    const { rows } = await server.database.query('SELECT e::text AS text FROM audit_entries e');
    expect(JSON.stringify(rows)).not.toMatch(/pass-(one|two)/);
  });

  it('of an action has its host, without path, query or payload', async () => {
    const payload = {
      parameters: [{ name: 'X-Key', in: 'header', schema: { type: 'string', default: 'secret-header' } }],
      responses: {},
    };
    const action = { name: 'Hook', api_endpoint: 'https://hooks.example/secret-path', request_type: 'POST', payload };
    const { body } = await callers.key.post('/actions').send(action).expect(201);
    expect(await changesOf('action.created')).toMatchObject({
      target_id: (body as { id: string }).id,
      changes: {
        api_endpoint: { before: null, after: 'https://hooks.example' },
        payload: { before: null, after: '(not kept)' },
      },
    });
    const { rows } = await server.database.query('SELECT e::text AS text FROM audit_entries e');
    expect(JSON.stringify(rows)).not.toMatch(/secret-(path|header)/);
  });

  it('of a login link has the e-mail address, role and key, without the token', async () => {
    const roles = await rolesOf(server, org);
    const { token } = await newLoginLink(server, org, { email: 'Ada@acmetours.example', role_ids: [roles.Owner] });
    expect(await changesOf('login_link.created')).toEqual({
      target_id: null,
      target_name: 'ada@acmetours.example',
      changes: {
        role: { before: null, after: 'Owner' },
        partner_key_id: { before: null, after: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      },
    });
    const { userId } = await newMember();
    await newLoginLink(server, org, { email: `member-${members}@acmetours.example`, role_ids: [roles.Owner] });
    const changes = { role: { before: 'Member', after: 'Member' } };
    expect(await changesOf('login_link.created')).toMatchObject({ target_id: userId, changes });
    const { rows } = await server.database.query('SELECT e::text AS text FROM audit_entries e');
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});
