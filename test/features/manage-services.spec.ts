import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServiceView } from '../../src/gateway/services/service-view.dto.js';
import { createAgent, createKey, type Signed, signedInAs } from '../support/manage.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { storeService } from '../support/stored-service.js';

const server = TestServer.forSuite();
const INVOICES = {
  name: 'invoices',
  label: 'Invoices',
  description: 'Invoices and their lines.',
  actions: ['read', 'write'],
};
const PARCELS = { name: 'parcels', label: 'Parcels', description: '', actions: ['track'] };
const BILLING = {
  service: 'billing',
  label: 'Billing',
  description: 'Invoices and payments.',
  url: 'https://api.example.com',
  resources: [INVOICES],
  routes: [
    { methods: ['GET'], path: '/invoices', needs: 'invoices:read' },
    { methods: ['GET'], path: '/status', needs: 'public', reason: 'Health page' },
  ],
};
let org: TestOrg;
let admin: Signed;

beforeEach(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

const services = async (signed: Signed) =>
  (await signed.get('/manage/v1/services').expect(200)).body.items as ServiceView[];
const named = (all: readonly ServiceView[], slug: string) => all.find(({ service }) => service === slug)!;
/** The names of the keys that reach a service. */
const reach = async (slug: string) => named(await services(admin), slug).keys.map(({ name }) => name);
/** Gives a key scopes, however they came to be granted. */
const grant = (id: string, scopes: string[]) =>
  server.database.query('UPDATE api_keys SET scopes = $2 WHERE id = $1', [id, scopes]);

describe('without services', () => {
  it('none are listed, and the session says so', async () => {
    expect(await services(admin)).toEqual([]);
    expect((await admin.get('/session').expect(200)).body).toMatchObject({ has_services: false });
    expect((await admin.get('/manage/v1/scopes').expect(200)).body.services).toEqual([]);
  });
});

describe('services', () => {
  beforeAll(async () => {
    await storeService(server.database, BILLING);
    await storeService(server.database, { service: 'atlas', label: 'Atlas', full_access: 'all', resources: [PARCELS] });
  });

  it('are listed in the order of their creation, as they were declared, for every member', async () => {
    const member = await signedInAs(server, org, 'Member');
    const items = await services(member);
    expect(items.map(({ service }) => service)).toEqual(['billing', 'atlas']);
    expect(named(items, 'billing')).toEqual({
      ...BILLING,
      full_access: 'existing',
      suspended_at: null,
      keys: [],
      key_count: 0,
    });
    expect(named(items, 'atlas')).toMatchObject({ url: null, full_access: 'all', routes: [], resources: [PARCELS] });
    expect((await member.get('/session').expect(200)).body).toMatchObject({ has_services: true });
  });

  it('have their resources in the catalogue of scopes, after the built-in ones', async () => {
    const { items, services: listed } = (await admin.get('/manage/v1/scopes').expect(200)).body;
    const { name: resource, ...invoices } = INVOICES;
    expect(items[0]).toMatchObject({ service: null, service_label: null });
    expect(items.at(-2)).toEqual({
      resource,
      ...invoices,
      audience: 'org',
      service: 'billing',
      service_label: 'Billing',
    });
    expect(listed.map(({ service }: ServiceView) => service)).toEqual(['billing', 'atlas']);
    expect(listed[0]).toEqual({ service: 'billing', label: 'Billing', description: 'Invoices and payments.' });
  });

  it('list the keys with their scopes, newest first, and those with full access', async () => {
    const agent_id = await createAgent(admin);
    const bearer = await createKey(admin, { name: 'Bearer' });
    const pair = await createKey(admin, { name: 'Pair', kind: 'key_secret', agent_id });
    await createKey(admin, { name: 'Elsewhere' });
    await createKey(admin, { name: 'Full', access: 'full' });
    await grant(bearer.id, ['contacts:read', 'invoices:read', 'invoices:write']);
    await grant(pair.id, ['invoices:read']);
    expect(named(await services(admin), 'billing')).toMatchObject({
      keys: [
        { name: 'Full', access: 'full', scopes: [] },
        { id: pair.id, name: 'Pair', access: 'scoped', scopes: ['invoices:read'] },
        { id: bearer.id, name: 'Bearer', access: 'scoped', scopes: ['invoices:read', 'invoices:write'] },
      ],
      key_count: 3,
    });
    expect(await reach('atlas')).toEqual(['Full']);
  });

  it('leave out keys that are revoked or expired, event keys, and those of other orgs', async () => {
    const other = await signedInAs(server, await server.newOrg(), 'Admin');
    await createKey(other, { name: 'Other', access: 'full' });
    await createKey(admin, { name: 'Event', type: 'client' });
    const revoked = await createKey(admin, { name: 'Revoked', access: 'full' });
    await admin.post(`/manage/v1/api-keys/${revoked.id}/revoke`).expect(200);
    const expired = await createKey(admin, { name: 'Expired', access: 'full' });
    await server.database.query(`UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      expired.id,
    ]);
    expect([await reach('billing'), await reach('atlas')]).toEqual([[], []]);
  });

  it('are reached by older full access only if they are declared for all', async () => {
    await createKey(admin, { name: 'Older', access: 'full' });
    await storeService(server.database, { service: 'newer' });
    await storeService(server.database, { service: 'open', full_access: 'all' });
    await createKey(admin, { name: 'Younger', access: 'full' });
    expect([await reach('billing'), await reach('newer'), await reach('open')]).toEqual([
      ['Younger', 'Older'],
      ['Younger'],
      ['Younger', 'Older'],
    ]);
  });

  it('list 100 keys each, and count all', async () => {
    await server.database.query(
      `INSERT INTO api_keys (id, org_id, kind, name, masked_key, created_by_type, created_by_name)
       SELECT gen_random_uuid(), $1, 'bearer', 'Many', '', 'operator', 'test' FROM generate_series(1, 101)`,
      [org.id],
    );
    const { keys, key_count } = named(await services(admin), 'atlas');
    expect([keys.length, key_count]).toEqual([100, 101]);
  });
});
