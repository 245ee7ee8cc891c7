import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { Changes } from '../../src/kit/audit/changes.js';
import type { NewManagedWebhook } from '../../src/kit/webhooks/managed-webhook.dto.js';
import { createKey, type Signed, signedInAs } from '../support/manage.js';
import { SqlCount } from '../support/sql-count.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { StubServer } from '../support/stub-server.js';
import { until } from '../support/until.js';
import { deliveriesTo, verified } from '../support/webhook-receiver.js';

let server: TestServer;
let receiver: StubServer;
let operator: Client;
let org: TestOrg;
let admin: Signed;
/** Of the present test. */
let path: string;
beforeAll(async () => {
  receiver = await StubServer.start('127.0.0.1');
  server = await TestServer.start({ OUTBOUND_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}` });
  operator = server.as((await server.app.get(ApiKeys).createForOperator(OPERATOR, 'Deployment')).token);
});
afterAll(() => Promise.all([server.close(), receiver.close()]));
beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
  path = `/${randomUUID()}`;
  receiver.answers(204);
});

const partner = () => server.as(org.partner.key);
const subscribe = async (by: Client, base: string, events: readonly string[], at = path) => {
  const answer = await by.post(base).send({ url: receiver.url + at, events });
  expect(answer.body).toMatchObject({ signing_secret: expect.stringMatching(/^whsec_/) });
  return answer.body as NewManagedWebhook & { signing_secret: string };
};
const MANAGE = '/manage/v1/webhooks';
const PARTNER = '/partner/v1/webhooks';
const OPERATOR_PATH = '/operator/v1/webhooks';

describe('an event of a key', () => {
  it('carries the key as its managers see it, without the credential, and who changed what', async () => {
    const { signing_secret } = await subscribe(admin, MANAGE, ['api_key.*']);
    const {
      api_key,
      usage: _usage,
      last_used_at: _unused,
      replaced_credential: _none,
      ...created
    } = await createKey(admin, { name: 'CRM' });
    await admin.patch(`/manage/v1/api-keys/${created.id}`).send({ name: 'CRM sync' }).expect(200);
    await admin.post(`/manage/v1/api-keys/${created.id}/revoke`).send({}).expect(200);

    const requests = await deliveriesTo(receiver, path, 3);
    const events = new Map(
      requests.map((request) => verified(request, signing_secret)).map((each) => [each.type, each]),
    );
    const actor = { type: 'user', id: expect.any(String), name: expect.any(String) };
    const common = { timestamp: expect.any(String), org_id: org.id, org_external_id: null, actor };
    expect(events.get('api_key.created')).toEqual({
      ...common,
      type: 'api_key.created',
      data: created,
      changes: expect.any(Object),
    });
    expect(events.get('api_key.updated')).toMatchObject({
      ...common,
      data: { id: created.id, name: 'CRM sync', state: 'active' },
      changes: { name: { before: 'CRM', after: 'CRM sync' } },
    });
    expect(events.get('api_key.revoked')).toMatchObject({ ...common, data: { id: created.id, state: 'revoked' } });
    expect(requests.map(({ body }) => body).join()).not.toContain(api_key);
  });

  it('shows the state at the change, not at the delivery', async () => {
    await subscribe(admin, MANAGE, ['api_key.updated']);
    receiver.answers(503);
    const { id } = await createKey(admin, { name: 'One' });
    await admin.patch(`/manage/v1/api-keys/${id}`).send({ name: 'Two' }).expect(200);
    await admin.patch(`/manage/v1/api-keys/${id}`).send({ name: 'Three' }).expect(200);
    receiver.answers(204);
    const names = async () => {
      const requests = receiver.seen.filter((request) => request.path === path);
      return new Set(requests.map(({ body }) => (JSON.parse(body) as { data: { name: string } }).data.name));
    };
    await until('both arrive', async () => (await names()).size === 2);
    expect(await names()).toEqual(new Set(['Two', 'Three']));
  });

  it('exists only if the change is committed', async () => {
    const { id } = await subscribe(admin, MANAGE, ['api_key.*']);
    const target = { type: 'api_key', id: randomUUID(), name: 'Nothing' };
    const failing = server.app.get(Changes).change(OPERATOR, async (_manager, record) => {
      record({ action: 'api_key.revoked', orgId: org.id, target });
      throw new Error('not now');
    });
    await expect(failing).rejects.toThrow('not now');
    await admin.post('/manage/v1/api-keys').send({ name: '' }).expect(400);
    expect((await admin.get(`${MANAGE}/${id}/deliveries`).expect(200)).body).toEqual({ items: [], next: null });
  });

  it('of a thousand keys in one transaction costs as many statements as of one, and each arrives once', async () => {
    const { id } = await subscribe(admin, MANAGE, ['api_key.idle']);
    const idle = (count: number) =>
      server.app.get(Changes).change(OPERATOR, async (_manager, record) => {
        for (let left = count; left > 0; left--) {
          const target = { type: 'api_key', id: randomUUID(), name: 'Key' };
          record({ action: 'api_key.idle', orgId: org.id, target });
        }
      });
    const sql = SqlCount.start();
    const inserts = async (count: number) => {
      const statements = await sql.during(() => idle(count));
      return statements.filter((text) => /INSERT INTO (webhook_deliveries|"?pgboss)/.test(text)).length;
    };
    const one = await inserts(1);
    expect(await inserts(1_000)).toBe(one);
    sql.stop();
    const count = async () => {
      const delivered = `SELECT count(*)::int AS count FROM webhook_deliveries
        WHERE endpoint_id = $1 AND status = 'delivered'`;
      return (await server.database.query(delivered, [id])).rows[0]!['count'];
    };
    await until('all are delivered', async () => (await count()) === 1_001);
    const seen = receiver.seen.filter((request) => request.path === path);
    expect(seen).toHaveLength(1_001);
    expect(new Set(seen.map(({ headers }) => headers['webhook-id'])).size).toBe(1_001);
  });
});

describe('an endpoint', () => {
  it('of a partner gets the events of all its orgs with their ids, and of no other partner', async () => {
    const { signing_secret } = await subscribe(partner(), PARTNER, ['org.*', 'api_key.created']);
    const external_id = randomUUID();
    const made = await partner().post('/partner/v1/orgs').send({ name: 'Second', external_id }).expect(201);
    const second = (made.body as { id: string }).id;
    await server.newOrgKey(org);
    await server.newOrgKey({ id: second, partner: org.partner });
    await server.newOrgKey(await server.newOrg());
    const events = (await deliveriesTo(receiver, path, 3)).map((request) => verified(request, signing_secret));
    const shown = events.map(({ type, org_id, org_external_id }) => ({ type, org_id, org_external_id }));
    expect(shown).toHaveLength(3);
    expect(shown).toEqual(
      expect.arrayContaining([
        { type: 'org.created', org_id: second, org_external_id: external_id },
        { type: 'api_key.created', org_id: second, org_external_id: external_id },
        { type: 'api_key.created', org_id: org.id, org_external_id: null },
      ]),
    );
    const { body } = await partner().get(PARTNER).expect(200);
    expect((body as { items: object[] }).items).toHaveLength(1);
    expect(
      (
        await server
          .as((await server.newPartner()).key)
          .get(PARTNER)
          .expect(200)
      ).body,
    ).toMatchObject({ items: [] });
  });

  it('of a partner gets events of its own keys', async () => {
    const { signing_secret } = await subscribe(partner(), PARTNER, ['api_key.*']);
    const { key } = await server.app.get(ApiKeys).createForPartner(OPERATOR, org.partner.id, 'Second');
    const [request] = await deliveriesTo(receiver, path, 1);
    expect(verified(request!, signing_secret)).toMatchObject({
      org_id: null,
      data: { id: key.id, name: 'Second' },
      actor: { type: 'operator', name: 'operator' },
    });
  });

  it('of a partner gets changes of its own policy for keys', async () => {
    const { signing_secret } = await subscribe(partner(), PARTNER, ['key_policy.updated']);
    await partner().put('/partner/v1/key-policy').send({ max_active_keys: 5 }).expect(200);
    const [request] = await deliveriesTo(receiver, path, 1);
    expect(verified(request!, signing_secret)).toMatchObject({
      org_id: null,
      data: { id: org.partner.id },
      changes: { max_active_keys: { before: null, after: 5 } },
    });
  });

  it('of the installation gets everything, also what belongs to no org', async () => {
    const endpoint = await subscribe(operator, OPERATOR_PATH, ['*']);
    const { id } = await createKey(admin);
    await server.app.get(ApiKeys).createForOperator(OPERATOR, 'Second');
    const events = (await deliveriesTo(receiver, path, 2)).map((request) => verified(request, endpoint.signing_secret));
    const ids = events.map(({ org_id, data }) => ({ org_id, id: data['id'] }));
    expect(ids).toEqual(
      expect.arrayContaining([
        { org_id: org.id, id },
        { org_id: null, id: expect.any(String) },
      ]),
    );
    await operator.delete(`${OPERATOR_PATH}/${endpoint.id}`).expect(204);
  });

  it('of a partner or the installation gets events of resources too, with the org', async () => {
    const wide = await subscribe(partner(), PARTNER, ['conversation.started']);
    const own = `${path}/own`;
    await subscribe(admin, MANAGE, ['conversation.*'], own);
    const started = await (await server.newClient(org)).post('/chat/sessions').send({}).expect(201);
    const session_id = (started.body as { id: string }).id;
    const [request] = await deliveriesTo(receiver, path, 1);
    const { type, data, ...place } = verified(request!, wide.signing_secret);
    expect({ type, data }).toMatchObject({ type: 'conversation.started', data: { session_id } });
    expect(place).toEqual({ timestamp: expect.any(String), org_id: org.id, org_external_id: null });
    const [ofOrg] = await deliveriesTo(receiver, own, 1);
    expect(Object.keys(JSON.parse(ofOrg!.body) as object).sort()).toEqual(['data', 'timestamp', 'type']);
  });

  it('with events of keys is not shown to keys, and can be deleted only by members', async () => {
    const { id } = await subscribe(admin, MANAGE, ['api_key.*']);
    const key = await server.newClient(org);
    expect((await key.get('/webhooks').expect(200)).body).toMatchObject({ items: [] });
    for (const call of [
      key.get(`/webhooks/${id}`),
      key.get(`/webhooks/${id}/deliveries`),
      key.delete(`/webhooks/${id}`),
    ]) {
      await call.expect(404);
    }
    await key.patch(`/webhooks/${id}`).send({ is_enabled: false }).expect(404);
    await key
      .post('/webhooks')
      .send({ url: receiver.url, events: ['api_key.created'] })
      .expect(400);
    const shared = await subscribe(admin, MANAGE, ['conversation.started']);
    expect((await key.get(`/webhooks/${shared.id}`).expect(200)).body).toMatchObject({
      events: ['conversation.started'],
    });
    await key.delete(`/webhooks/${shared.id}`).expect(204);
    await admin.get(`${MANAGE}/${shared.id}`).expect(404);
    await admin.delete(`${MANAGE}/${id}`).expect(204);
  });

  it('is changed by Admins and read by Members, each change with an audit entry', async () => {
    const member = await signedInAs(server, org, 'Member');
    await member
      .post(MANAGE)
      .send({ url: receiver.url, events: ['*'] })
      .expect(403);
    const { id, signing_secret: _secret, ...shown } = await subscribe(admin, MANAGE, ['*']);
    expect((await member.get(`${MANAGE}/${id}`).expect(200)).body).toEqual({ id, ...shown });
    const change = { events: ['org.*'], description: 'Ops', is_enabled: false };
    expect((await admin.patch(`${MANAGE}/${id}`).send(change).expect(200)).body).toMatchObject(change);
    await admin.post(`${MANAGE}/${id}/test`).expect(409);
    await admin.delete(`${MANAGE}/${id}`).expect(204);
    const { body } = await admin.get('/manage/v1/audit').expect(200);
    const entries = (body as { items: { action: string; target: { id: string; name: string } }[] }).items;
    const ofEndpoint = entries.filter(({ target }) => target.id === id);
    expect(ofEndpoint.map(({ action }) => action)).toEqual([
      'webhook_endpoint.deleted',
      'webhook_endpoint.updated',
      'webhook_endpoint.created',
    ]);
    // A path or query can hold a credential.
    expect(ofEndpoint.map(({ target }) => target.name)).toEqual(Array(3).fill(receiver.url));
  });

  it('of a partner and of the installation has entries in the chain of the installation', async () => {
    const actions = async (endpointId: string) => {
      const sql = `SELECT action, chain, actor_type FROM audit_entries WHERE target_id = $1 ORDER BY sequence`;
      return (await server.database.query(sql, [endpointId])).rows;
    };
    for (const [by, base, actor_type] of [
      [partner(), PARTNER, 'partner'],
      [operator, OPERATOR_PATH, 'operator'],
    ] as const) {
      const { id } = await subscribe(by, base, ['org.*']);
      await by.patch(`${base}/${id}`).send({ description: 'Ops' }).expect(200);
      await by.post(`${base}/${id}/rotate-secret`).send({}).expect(200);
      await by.delete(`${base}/${id}`).expect(204);
      expect(await actions(id)).toEqual(
        ['created', 'updated', 'secret_rotated', 'deleted'].map((verb) => ({
          action: `webhook_endpoint.${verb}`,
          chain: 'installation',
          actor_type,
        })),
      );
    }
  });

  it("is out of reach of other owners, also by its parts' ids", async () => {
    const { id } = await subscribe(admin, MANAGE, ['*']);
    const { id: delivery } = (await admin.post(`${MANAGE}/${id}/test`).expect(201)).body as { id: string };
    const other = await signedInAs(server, await server.newOrg(org.partner), 'Owner');
    for (const [by, base] of [
      [other, MANAGE],
      [partner(), PARTNER],
      [operator, OPERATOR_PATH],
    ] as const) {
      const own = await subscribe(by, base, ['webhook_endpoint.deleted'], '/other');
      await by.get(`${base}/${id}`).expect(404);
      await by.get(`${base}/${id}/deliveries`).expect(404);
      await by.get(`${base}/${own.id}/deliveries/${delivery}`).expect(404);
      await by.post(`${base}/${own.id}/deliveries/${delivery}/replay`).expect(404);
      await by.patch(`${base}/${id}`).send({ is_enabled: false }).expect(404);
      for (const action of ['rotate-secret', 'test']) await by.post(`${base}/${id}/${action}`).send({}).expect(404);
      await by.post(`${base}/${id}/replay`).send({ since: '2026-01-01T00:00:00Z' }).expect(404);
      await by.delete(`${base}/${id}`).expect(404);
      await by.delete(`${base}/${own.id}`).expect(204);
    }
  });

  it('is one of at most 20 of its owner, also when they are created at once', async () => {
    const create = () =>
      partner()
        .post(PARTNER)
        .send({ url: receiver.url, events: ['key_policy.updated'] });
    const answers = await Promise.all(Array.from({ length: 25 }, create));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    const refused = answers.filter(({ status }) => status !== 201).map(({ body }) => body as object);
    expect(refused).toEqual(
      Array(5).fill(expect.objectContaining({ message: 'The limit of 20 webhook endpoints is reached.' })),
    );
    await subscribe(admin, MANAGE, ['api_key.*']);
  });

  it('needs a URL without credentials and known events', async () => {
    const answers = [
      [{ url: 'https://a:b@a.example', events: ['*'] }, 'url must be an https URL without credentials'],
      [{ url: 'https://a.example', events: [] }, 'events must contain at least 1 elements'],
      [{ url: 'https://a.example', events: ['api_key.touched'] }, 'each value in events must be one of'],
      [{ url: 'https://a.example', events: ['*'], signature: 'rsa' }, 'signature must be one of'],
    ] as const;
    for (const [body, message] of answers) {
      const { body: answer } = await admin.post(MANAGE).send(body).expect(400);
      expect((answer as { message: string }).message).toContain(message);
    }
  });
});
