import { beforeAll, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { declared, uniqueWord } from '../support/declared-services.js';
import { createKey, type Signed, signedInAs } from '../support/manage.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';

const server = TestServer.forSuite();
let operator: Client;
let keyId: string;
let org: TestOrg;
let owner: Signed;
beforeAll(async () => {
  const { key, token } = await server.app.get(ApiKeys).createForOperator(OPERATOR, 'Deployment');
  keyId = key.id;
  operator = server.as(token);
  org = await server.newOrg();
  owner = await signedInAs(server, org, 'Owner');
});

const pathOf = (slug: string) => `/operator/v1/services/${slug}`;
const put = (slug: string, text: string, query = '') =>
  operator
    .put(pathOf(slug) + query)
    .set('Content-Type', 'application/yaml')
    .send(text);

/** A document in YAML with one resource, whose name is unique. */
function documentOf(
  slug: string,
  resource: string,
  routes: readonly string[] = [`GET /invoices ${resource}:read`],
): string {
  return [
    `service: ${slug}`,
    'label: Billing',
    'resources:',
    `  ${resource}: { label: Invoices, description: Invoices and their lines., actions: [read, write] }`,
    'routes:',
    ...routes.map((route) => `  - ${route}`),
  ].join('\n');
}

describe('PUT /operator/v1/services/{service}', () => {
  it('creates a service, then leaves it unchanged', async () => {
    const [slug, resource] = [uniqueWord('billing'), uniqueWord('invoices')];
    const document = documentOf(slug, resource, [
      `GET,HEAD /invoices ${resource}:read`,
      'GET /status public (health page)',
    ]);
    const { body } = await put(slug, document).expect(201);
    const service = {
      service: slug,
      label: 'Billing',
      description: '',
      full_access: 'existing',
      resources: [
        { name: resource, label: 'Invoices', description: 'Invoices and their lines.', actions: ['read', 'write'] },
      ],
      routes: [
        { methods: ['GET', 'HEAD'], path: '/invoices', needs: `${resource}:read` },
        { methods: ['GET'], path: '/status', needs: 'public', reason: 'health page' },
      ],
      revision: 1,
      created_at: expect.any(String),
      updated_at: expect.any(String),
      suspended_at: null,
    };
    expect(body).toMatchObject({
      service,
      applied: true,
      changes: { is_new: true, scopes: { added: [`${resource}:read`, `${resource}:write`] } },
    });
    expect((await operator.get(pathOf(slug)).expect(200)).body).toEqual(service);
    expect((await operator.get('/operator/v1/services').expect(200)).body.items).toContainEqual(service);

    const again = (await put(slug, document).expect(200)).body;
    expect(again).toMatchObject({ service: { revision: 1 }, applied: true, changes: { is_new: false } });
    expect(again.changes.routes).toEqual({ added: [], changed: [], removed: [] });
  });

  it('takes the document as JSON, and no other type', async () => {
    const { service, ...rest } = declared({ description: 'Invoices and payments.' });
    const resources = Object.fromEntries(rest.resources.map(({ name, ...resource }) => [name, resource]));
    const document = JSON.stringify({ service, ...rest, resources });
    await operator.put(pathOf(service)).set('Content-Type', 'application/json').send(document).expect(201);
    const { body } = await operator.put(pathOf(service)).set('Content-Type', 'text/plain').send(document).expect(415);
    expect(body).toMatchObject({ message: 'Content-Type must be application/yaml or application/json.' });
  });

  it('answers every fault of the document with its line, and changes nothing', async () => {
    const slug = uniqueWord('billing');
    const { body } = await put(slug, `service: ${slug}\nlable: Billing\nroutes:\n  - GET invoices\n`).expect(400);
    expect(body.errors.map(({ message }: { message: string }) => /^Line \d+/.exec(message)?.[0])).toEqual([
      'Line 1',
      'Line 2',
      'Line 4',
    ]);
    await operator.get(pathOf(slug)).expect(404);
  });

  it('refuses a document of another service', async () => {
    const { body } = await put('billing', documentOf('shipping', uniqueWord('parcels'))).expect(400);
    expect(body.errors).toEqual([
      { field: 'service', message: 'service must be billing, as in the path, and not shipping' },
    ]);
  });

  it('answers a dry run with the plan, and changes nothing', async () => {
    const [slug, resource] = [uniqueWord('billing'), uniqueWord('invoices')];
    const planned = (await put(slug, documentOf(slug, resource), '?dry_run=true').expect(200)).body;
    expect(planned).toMatchObject({ service: null, applied: false, changes: { is_new: true } });
    await operator.get(pathOf(slug)).expect(404);

    await put(slug, documentOf(slug, resource)).expect(201);
    await createKey(owner, { scopes: [`${resource}:read`] });
    await createKey(owner, { scopes: [`${resource}:read`, `${resource}:write`] });
    const narrower = documentOf(slug, resource, [`GET /invoices ${resource}:write`]).replace(
      '[read, write]',
      '[write]',
    );
    const { body } = await put(slug, narrower, '?dry_run=true').expect(200);
    expect(body).toMatchObject({ applied: false, service: { revision: 1 } });
    expect(body.changes.scopes).toEqual({ added: [], removed: [{ scope: `${resource}:read`, keys: 2 }] });
    expect(body.changes.routes.changed).toMatchObject([{ keys: { gain: 0, lose: 1 } }]);
    expect((await put(slug, narrower).expect(409)).body).toMatchObject({
      code: 'scopes_in_use',
      message: `Active keys hold scopes that would go: "${resource}:read" (2 keys). Take the scopes from these keys, or revoke the keys, first.`,
    });
  });

  it('counts the keys with full access that a change of full_access reaches', async () => {
    const { body: older } = await owner.post('/manage/v1/api-keys').send({ name: 'All', access: 'full' }).expect(201);
    const [slug, resource] = [uniqueWord('billing'), uniqueWord('invoices')];
    const planned = async (document: string) => (await put(slug, document, '?dry_run=true').expect(200)).body.changes;
    const document = documentOf(slug, resource);
    expect(await planned(document)).toMatchObject({ full_access: { gain: 0, lose: 0 } });
    const toAll = `full_access: all\n${document}`;
    const { full_access: ofNew } = await planned(toAll);
    expect(ofNew.gain).toBeGreaterThan(0);
    await put(slug, document).expect(201);
    // Keys that get full access later are covered anyway.
    await owner.post('/manage/v1/api-keys').send({ name: 'All', access: 'full' }).expect(201);
    expect(await planned(toAll)).toMatchObject({ full_access: ofNew, fields: [{ field: 'full_access' }] });
    await owner.post(`/manage/v1/api-keys/${older.id}/revoke`).expect(200);
    expect(await planned(toAll)).toMatchObject({ full_access: { gain: ofNew.gain - 1, lose: 0 } });
  });

  it('is audited by the key, as are keys and the removal', async () => {
    const [slug, resource] = [uniqueWord('billing'), uniqueWord('invoices')];
    await put(slug, documentOf(slug, resource)).expect(201);
    const name = uniqueWord('Gateway');
    const { id } = (
      await operator
        .post(`${pathOf(slug)}/keys`)
        .send({ name })
        .expect(201)
    ).body;
    await operator.post(`${pathOf(slug)}/keys/${id}/revoke`).expect(200);
    await operator.delete(pathOf(slug)).expect(204);
    const sql = `SELECT action, actor_type, actor_id, actor_name FROM audit_entries
      WHERE target_name = ANY ($1) AND chain = 'installation' ORDER BY sequence`;
    const actor = { actor_type: 'operator', actor_id: keyId, actor_name: 'Deployment' };
    expect((await server.database.query(sql, [[slug, name]])).rows).toEqual(
      ['service.created', 'api_key.created', 'api_key.revoked', 'service.deleted'].map((action) => ({
        action,
        ...actor,
      })),
    );
  });
});

describe('DELETE /operator/v1/services/{service}', () => {
  it('is refused while keys hold its scopes', async () => {
    const [slug, resource] = [uniqueWord('billing'), uniqueWord('invoices')];
    await put(slug, documentOf(slug, resource)).expect(201);
    const { id } = await createKey(owner, { scopes: [`${resource}:read`] });
    expect((await operator.delete(pathOf(slug)).expect(409)).body).toMatchObject({ code: 'scopes_in_use' });
    await owner.post(`/manage/v1/api-keys/${id}/revoke`).expect(200);
    await operator.delete(pathOf(slug)).expect(204);
    await operator.get(pathOf(slug)).expect(404);
    await operator.delete(pathOf(slug)).expect(404);
  });
});

describe('keys of a service', () => {
  it('are shown once, listed, and refused once they are revoked', async () => {
    const [slug, resource] = [uniqueWord('billing'), uniqueWord('invoices')];
    await put(slug, documentOf(slug, resource)).expect(201);
    const created = await operator
      .post(`${pathOf(slug)}/keys`)
      .send({ name: 'Gateway' })
      .expect(201);
    expect(created.headers['cache-control']).toBe('no-store');
    const { api_key, ...shown } = created.body;
    expect(shown).toMatchObject({ name: 'Gateway', revoked_at: null });
    expect((await operator.get(`${pathOf(slug)}/keys`).expect(200)).body).toEqual({ items: [shown] });
    const ask = () =>
      server
        .as(api_key)
        .post('/v1/verify')
        .send({ credential: { bearer: 'x' } });
    await ask().expect(200);
    const { body } = await operator.post(`${pathOf(slug)}/keys/${shown.id}/revoke`).expect(200);
    expect(body).toMatchObject({ id: shown.id, revoked_at: expect.any(String) });
    await ask().expect(401);
  });

  it('end with the service', async () => {
    const [slug, resource] = [uniqueWord('billing'), uniqueWord('invoices')];
    await put(slug, documentOf(slug, resource)).expect(201);
    const { api_key } = (
      await operator
        .post(`${pathOf(slug)}/keys`)
        .send({})
        .expect(201)
    ).body;
    const ask = () =>
      server
        .as(api_key)
        .post('/v1/verify')
        .send({ credential: { bearer: 'x' } });
    await ask().expect(200);
    await operator.delete(pathOf(slug)).expect(204);
    await ask().expect(401);
  });

  it('are found by their own service only', async () => {
    const [one, other] = [uniqueWord('billing'), uniqueWord('shipping')];
    await put(one, documentOf(one, uniqueWord('invoices'))).expect(201);
    await put(other, documentOf(other, uniqueWord('parcels'))).expect(201);
    const { id } = (
      await operator
        .post(`${pathOf(one)}/keys`)
        .send({})
        .expect(201)
    ).body;
    await operator.post(`${pathOf(other)}/keys/${id}/revoke`).expect(404);
    await operator.get(`${pathOf(uniqueWord('unknown'))}/keys`).expect(404);
  });
});
