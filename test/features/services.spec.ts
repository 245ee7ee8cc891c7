import { beforeAll, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/tenancy/api-keys/api-keys.service.js';
import type { ServiceDeclaration } from '../../src/gateway/declaration/service-declaration.js';
import { Services } from '../../src/gateway/services/services.service.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { createAgent, createKey, readKey, type Signed, signedInAs } from '../support/manage.js';
import { apply, declared, uniqueWord } from '../support/declared-services.js';
import { type TestOrg, TestServer } from '../support/start-app.js';

const server = TestServer.forSuite();
let org: TestOrg;
let owner: Signed;
let services: Services;
beforeAll(async () => {
  org = await server.newOrg();
  owner = await signedInAs(server, org, 'Owner');
  services = server.app.get(Services);
});

const scopesOf = ({ resources: [resource] }: ServiceDeclaration) =>
  [`${resource!.name}:read`, `${resource!.name}:write`] as const;
const read = async (slug: string) => (await services.read(slug)).declaration;

/** The audit entries of a service, oldest first. */
async function auditOf(slug: string) {
  const sql = `SELECT action, changes FROM audit_entries WHERE target_type = 'service' AND target_name = $1 ORDER BY id`;
  return (await server.database.query(sql, [slug])).rows;
}

describe('an applied declaration', () => {
  it('is the service', async () => {
    const declaration = declared();
    expect(await apply(server, declaration)).toMatchObject({ declaration, outcome: 'created' });
    expect(await read(declaration.service)).toEqual(declaration);
    expect((await services.list()).map((each) => each.declaration)).toContainEqual(declaration);
  });

  it('changes nothing and audits nothing when it is applied again', async () => {
    const declaration = declared();
    await apply(server, declaration);
    const { row } = await services.read(declaration.service);
    expect(await apply(server, structuredClone(declaration))).toMatchObject({ outcome: 'unchanged' });
    expect((await services.read(declaration.service)).row).toEqual(row);
    expect(await auditOf(declaration.service)).toHaveLength(1);
  });

  it('replaces the whole service, and the audit has what differs', async () => {
    const before = declared();
    await apply(server, before);
    const [invoices] = before.resources;
    const payments = { name: uniqueWord('payments'), label: 'Payments', description: '', actions: ['read'] };
    const after = {
      ...before,
      label: 'Billing 2',
      resources: [payments, { ...invoices!, actions: ['read', 'write', 'send'] }],
      routes: [...before.routes.slice(1), { methods: ['GET'], path: '/payments', needs: 'any-key' }],
    };
    expect(await apply(server, after)).toMatchObject({ outcome: 'updated' });
    expect(await services.read(before.service)).toMatchObject({ declaration: after, row: { revision: 2 } });
    const [created, updated] = await auditOf(before.service);
    expect(created).toMatchObject({
      action: 'service.created',
      changes: { label: { before: null, after: 'Billing' } },
    });
    expect(updated).toEqual({
      action: 'service.updated',
      changes: {
        label: { before: 'Billing', after: 'Billing 2' },
        resources: { before: [invoices], after: after.resources },
        routes: { before: [before.routes[0]], after: [after.routes[2]] },
      },
    });
  });

  it.each([
    ['a built-in resource', () => 'contacts', /^Resource "contacts" belongs to Gatehouse itself\./],
    ['a built-in resource of agents', () => 'document-extraction', /belongs to Gatehouse itself\./],
  ])('is refused with the name of %s', async (_, name, message) => {
    const declaration = declared({ resources: [{ name: name(), label: 'Other', description: '', actions: ['read'] }] });
    await expect(apply(server, declaration)).rejects.toMatchObject({
      code: 'resource_taken',
      message: expect.stringMatching(message),
    });
    await expect(read(declaration.service)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is refused with the name of a resource of another service, which the message names', async () => {
    const other = declared();
    await apply(server, other);
    const refused = apply(server, declared({ resources: other.resources, routes: [] }));
    await expect(refused).rejects.toMatchObject({
      code: 'resource_taken',
      message: `Resource "${other.resources[0]!.name}" belongs to service "${other.service}". Resource names are unique: choose another one.`,
    });
  });

  it('can have 1,000 resources and 10,000 routes', async () => {
    const name = (at: number) => `r${at}-${suffix}`;
    const suffix = uniqueWord('x');
    const declaration = declared({
      resources: Array.from({ length: 1_000 }, (_, at) => ({
        name: name(at),
        label: 'R',
        description: '',
        actions: ['read'],
      })),
      routes: Array.from({ length: 10_000 }, (_, at) => ({
        methods: ['GET'],
        path: `/r${at}`,
        needs: `${name(at % 1_000)}:read`,
      })),
    });
    await apply(server, declaration);
    expect(await read(declaration.service)).toEqual(declaration);
    await services.remove(OPERATOR, declaration.service);
  });
});

describe('a scope of a service', () => {
  it('is granted to keys of orgs, and to keys with a secret, after the built-in ones', async () => {
    const declaration = declared();
    await apply(server, declaration);
    const [reading, writing] = scopesOf(declaration);
    const { id } = await createKey(owner, { scopes: [writing, 'tags:read', reading] });
    expect(await readKey(owner, id)).toMatchObject({ access: 'scoped', scopes: ['tags:read', reading, writing] });
    const agent_id = await createAgent(owner);
    const pair = { kind: 'key_secret', agent_id, access: 'scoped', scopes: [reading, 'contacts:read'] };
    const { id: pairId } = await createKey(owner, pair);
    expect(await readKey(owner, pairId)).toMatchObject({ scopes: ['contacts:read', reading] });
    const { partner } = org;
    const { body } = await server
      .as(partner.key)
      .post(`/partner/v1/orgs/${org.id}/api-keys`)
      .send({ scopes: [writing] })
      .expect(201);
    expect(await readKey(owner, body.api_key_id)).toMatchObject({ scopes: [writing] });
    const edited = await owner
      .patch(`/manage/v1/api-keys/${id}`)
      .send({ scopes: [writing] })
      .expect(200);
    expect(edited.body).toMatchObject({ scopes: [writing] });
  });

  it('is unknown before its service is applied, and after it is removed', async () => {
    const declaration = declared();
    const [reading] = scopesOf(declaration);
    const attempt = async () =>
      (await owner.post('/manage/v1/api-keys').send({ name: 'CRM', access: 'scoped', scopes: [reading] })).body;
    const unknown = { code: 'invalid_request', message: `Unknown scope "${reading}" for an org key.` };
    expect(await attempt()).toMatchObject(unknown);
    await apply(server, declaration);
    await services.remove(OPERATOR, declaration.service);
    expect(await attempt()).toMatchObject(unknown);
  });

  it('is listed with its service', async () => {
    const declaration = declared();
    await apply(server, declaration);
    const { items } = (await owner.get('/manage/v1/scopes').expect(200)).body;
    const [resource] = declaration.resources;
    const { name, ...shown } = resource!;
    const entry = { resource: name, ...shown, service: declaration.service, service_label: 'Billing' };
    expect(items.filter(({ resource: listed }: { resource: string }) => listed === name)).toEqual([
      { audience: 'org', ...entry },
    ]);
    expect(items[0]).toMatchObject({ audience: 'org', resource: 'actions', service: null, service_label: null });
  });
});

describe('a scope that active keys hold', () => {
  it('keeps its service, resource and action, and the refusal counts the keys', async () => {
    const declaration = declared();
    await apply(server, declaration);
    const [reading, writing] = scopesOf(declaration);
    await createKey(owner, { scopes: [reading, writing] });
    const second = await createKey(owner, { scopes: [writing] });
    const refused = { code: 'scopes_in_use', message: expect.stringContaining(`"${writing}" (2 keys)`) };
    const without = { ...declaration, resources: [{ ...declaration.resources[0]!, actions: ['read'] }], routes: [] };
    await expect(apply(server, without)).rejects.toMatchObject(refused);
    await expect(apply(server, { ...declaration, resources: [], routes: [] })).rejects.toMatchObject({
      message: expect.stringContaining(`"${reading}" (1 key), "${writing}" (2 keys)`),
    });
    await expect(services.remove(OPERATOR, declaration.service)).rejects.toMatchObject(refused);
    await owner.post(`/manage/v1/api-keys/${second.id}/revoke`).expect(200);
    await expect(apply(server, without)).rejects.toMatchObject({ message: expect.stringContaining('(1 key)') });
    expect(await read(declaration.service)).toEqual(declaration);
  });

  it('goes once the keys are revoked', async () => {
    const declaration = declared();
    await apply(server, declaration);
    const { id } = await createKey(owner, { scopes: [...scopesOf(declaration)] });
    await owner.post(`/manage/v1/api-keys/${id}/revoke`).expect(200);
    await services.remove(OPERATOR, declaration.service);
    await expect(read(declaration.service)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('concurrent changes', () => {
  it('never leave a key with a scope that is gone', async () => {
    for (let round = 0; round < 10; round++) {
      const declaration = declared();
      await apply(server, declaration);
      const [reading, writing] = scopesOf(declaration);
      const editable = await createKey(owner, { scopes: ['tags:read'] });
      const grant = { name: 'CRM', access: 'scoped', scopes: [writing] };
      const [removed, ...granted] = await Promise.all([
        apply(server, {
          ...declaration,
          resources: [{ ...declaration.resources[0]!, actions: ['read'] }],
          routes: [],
        }).then(
          () => true,
          () => false,
        ),
        ...Array.from({ length: 5 }, () => owner.post('/manage/v1/api-keys').send(grant)),
        owner.patch(`/manage/v1/api-keys/${editable.id}`).send({ scopes: [reading, writing] }),
      ]);
      const holders = granted.filter(({ status }) => status < 300).length;
      expect(granted.map(({ status }) => status).filter((status) => ![200, 201, 400].includes(status))).toEqual([]);
      // A removal that a key came before is refused; one that came before any key refuses every key.
      expect(removed).toBe(holders === 0);
    }
  });

  it('of one service are applied one after the other', async () => {
    const declaration = declared();
    await apply(server, declaration);
    const labels = Array.from({ length: 10 }, (_, at) => `Label ${at}`);
    const applied = await Promise.all(labels.map((label) => apply(server, { ...declaration, label })));
    expect(applied.map(({ row }) => row.revision).toSorted((one, other) => one - other)).toEqual(
      labels.map((_, at) => at + 2),
    );
    const entries = (await auditOf(declaration.service)).slice(1) as {
      changes: { label: { before: string; after: string } };
    }[];
    expect(entries.map(({ changes }) => changes.label.before)).toEqual([
      'Billing',
      ...entries.slice(0, -1).map(({ changes }) => changes.label.after),
    ]);
  });

  it('of two services never give a resource to both', async () => {
    for (let round = 0; round < 5; round++) {
      const one = declared();
      const other = { ...one, service: uniqueWord('other') };
      const outcomes = await Promise.allSettled([apply(server, one), apply(server, other)]);
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });
});

describe('the keys of a service', () => {
  it('are removed with it', async () => {
    const declaration = declared();
    const { row } = await apply(server, declaration);
    const keys = server.app.get(ApiKeys);
    const { key } = await keys.createForService(OPERATOR, row.id, 'Gateway');
    expect(await keys.list({ serviceId: row.id })).toMatchObject([{ id: key.id, name: 'Gateway', org_id: null }]);
    await services.remove(OPERATOR, declaration.service);
    expect(await keys.list({ serviceId: row.id })).toEqual([]);
    const { changes } = (await auditOf(declaration.service)).at(-1) as { changes: object };
    expect(changes).toMatchObject({ keys: { before: [{ id: key.id, name: 'Gateway' }], after: null } });
  });

  it('can only be created for a service that exists', async () => {
    const unknown = server.app.get(ApiKeys).createForService(OPERATOR, '01900000-0000-7000-8000-000000000000');
    await expect(unknown).rejects.toMatchObject({ code: 'not_found', message: 'Service not found' });
  });
});
