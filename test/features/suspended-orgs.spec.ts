import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { Usage } from '../../src/kit/usage/usage.service.js';
import { newLoginLink, sessionIn } from '../support/login-links.js';
import { createAgent, createKey, pairHeaders, type Signed, signedInAs } from '../support/manage.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { NO_OP, webhookPath, WorkflowsOf } from '../support/workflows.js';

const UNAUTHORIZED = { statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' };

const server = TestServer.forSuite();
let operator: Client;
let partner: Client;
let org: TestOrg;
let owner: Signed;
beforeAll(async () => {
  operator = server.as((await server.app.get(ApiKeys).createForOperator(OPERATOR)).token);
});
beforeEach(async () => {
  org = await server.newOrg();
  partner = server.as(org.partner.key);
  owner = await signedInAs(server, org, 'Owner');
});

const byPartner = (action: 'suspend' | 'resume') => partner.post(`/partner/v1/orgs/${org.id}/${action}`);
const byOperator = (action: 'suspend' | 'resume') => operator.post(`/operator/v1/orgs/${org.id}/${action}`);
const suspend = () => byPartner('suspend').expect(200);
const resume = () => byPartner('resume').expect(200);
const actions = async () => {
  const sql = `SELECT action, actor_type FROM audit_entries WHERE target_type = 'org' AND target_id = $1 ORDER BY sequence`;
  const { rows } = await server.database.query(sql, [org.id]);
  return rows.map(({ action, actor_type }) => `${String(actor_type)} ${String(action)}`).slice(1);
};

describe('a suspended org', () => {
  it('has its keys of every kind refused until it is resumed, and no key of another org', async () => {
    const agent_id = await createAgent(owner);
    const headers = [
      { Authorization: `Bearer ${(await createKey(owner)).api_key}` },
      { Authorization: `Bearer ${(await createKey(owner, { type: 'telephony' })).api_key}` },
      { Authorization: `Bearer ${(await server.newOrgKey(org)).key}` },
      pairHeaders(await createKey(owner, { kind: 'key_secret', agent_id })),
    ];
    const other = await server.newOrg(org.partner);
    const neighbour = { Authorization: `Bearer ${(await server.newOrgKey(other)).key}` };
    const statuses = () =>
      Promise.all([...headers, neighbour].map(async (each) => (await server.http.get('/whoami').set(each)).status));
    expect(await statuses()).toEqual([200, 200, 200, 200, 200]);
    await suspend();
    expect(await statuses()).toEqual([401, 401, 401, 401, 200]);
    expect(await statuses()).toEqual([401, 401, 401, 401, 200]);
    await resume();
    expect(await statuses()).toEqual([200, 200, 200, 200, 200]);
  });

  it('counts the refusals of its keys with their reason', async () => {
    const { id, api_key } = await createKey(owner);
    await suspend();
    for (let times = 0; times < 2; times++) await server.as(api_key).get('/whoami').expect(401, UNAUTHORIZED);
    await server.app.get(Usage).flush();
    const { rows } = await server.database.query('SELECT reason, requests FROM key_refusals WHERE key_id = $1', [id]);
    expect(rows).toEqual([{ reason: 'org_suspended', requests: 2 }]);
    const question = { method: 'GET', path: '/contacts' };
    const { body } = await partner.post(`/partner/v1/orgs/${org.id}/api-keys/${id}/check`).send(question).expect(200);
    expect(body).toMatchObject({
      status: 401,
      message: 'The organization is suspended.',
      mends: [{ action: 'resume_org', role: 'operator' }],
    });
  });

  it('has its sessions refused, which go on when it is resumed', async () => {
    await owner.get('/session').expect(200);
    await suspend();
    await owner.get('/session').expect(401, UNAUTHORIZED);
    await owner.get('/manage/v1/api-keys').expect(401, UNAUTHORIZED);
    await resume();
    await owner.get('/manage/v1/api-keys').expect(200);
  });

  it('answers its login links with a page that says so, and leaves them unused', async () => {
    const { path, token } = await newLoginLink(server, org, { email: 'maya@acmetours.example' });
    await suspend();
    const refused = await server.http.get(path).expect(410);
    expect(refused.text).toContain('This organization is suspended');
    expect(sessionIn(refused)).toBeUndefined();
    await server.http.post('/session/login-link').send({ token }).expect(401, UNAUTHORIZED);
    await resume();
    expect(sessionIn(await server.http.get(path).expect(303))).toEqual(expect.any(String));
  });

  it('has its public webhooks refused', async () => {
    const flows = new WorkflowsOf(await server.newClient(org));
    const active = { trigger_configuration: { access_control: 'public' }, workflow_blocks: NO_OP } as const;
    const path = webhookPath(await flows.active(active));
    await server.http.post(path).send({}).expect(202);
    await suspend();
    await server.http.post(path).send({}).expect(401, UNAUTHORIZED);
    await resume();
    await server.http.post(path).send({}).expect(202);
  });

  it('is shown and edited by its partner, and archived', async () => {
    expect((await suspend()).body).toMatchObject({
      id: org.id,
      suspended_at: expect.any(String),
      suspended_by: 'partner',
    });
    const path = `/partner/v1/orgs/${org.id}`;
    expect((await partner.patch(path).send({ name: 'Renamed' }).expect(200)).body).toMatchObject({
      name: 'Renamed',
      suspended_by: 'partner',
    });
    await partner.post(`${path}/api-keys`).send({}).expect(201);
    await partner.delete(path).expect(204);
    await byPartner('resume').expect(403);
  });
});

describe('who suspends an org', () => {
  it('is recorded once, whatever is repeated', async () => {
    for (const action of ['resume', 'suspend', 'suspend', 'resume', 'resume'] as const) {
      await byPartner(action).expect(200);
    }
    expect(await actions()).toEqual(['partner org.suspended', 'partner org.resumed']);
  });

  it('decides who can resume it: not the partner, if it was the operator', async () => {
    expect((await byOperator('suspend').expect(200)).body).toMatchObject({
      id: org.id,
      partner_id: org.partner.id,
      suspended_by: 'operator',
    });
    await byPartner('suspend').expect(200);
    expect((await byPartner('resume').expect(409)).body).toMatchObject({ code: 'suspended_by_operator' });
    expect((await byOperator('resume').expect(200)).body).toMatchObject({ suspended_at: null, suspended_by: null });
    expect(await actions()).toEqual(['operator org.suspended', 'operator org.resumed']);
  });

  it('can be the operator after the partner, who then cannot resume it any more', async () => {
    const { suspended_at } = (await suspend()).body;
    expect((await byOperator('suspend').expect(200)).body).toMatchObject({ suspended_at, suspended_by: 'operator' });
    await byPartner('resume').expect(409);
    await byOperator('resume').expect(200);
    expect(await actions()).toEqual(['partner org.suspended', 'operator org.suspended', 'operator org.resumed']);
  });

  it('can be its own partner and no other', async () => {
    const stranger = server.as((await server.newPartner()).key);
    for (const action of ['suspend', 'resume']) {
      await stranger.post(`/partner/v1/orgs/${org.id}/${action}`).expect(403);
      await operator.post(`/operator/v1/orgs/${UNKNOWN_ID}/${action}`).expect(404);
    }
    await owner.get('/session').expect(200);
  });

  it('gets the first answer for a repeated Idempotency-Key', async () => {
    const send = () => byPartner('suspend').set('Idempotency-Key', 'suspend-1').expect(200);
    const first = (await send()).body;
    await resume();
    expect((await send()).body).toEqual(first);
    await owner.get('/session').expect(200);
  });
});
