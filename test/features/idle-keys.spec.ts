import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdleKeysJob } from '../../src/tenancy/idle-keys/idle-keys.job.js';
import { PolicySetters } from '../support/key-policies.js';
import { KeyUses } from '../support/key-uses.js';
import { createKey, readKey, type Signed, signedInAs } from '../support/manage.js';
import { changeBySql } from '../support/sql-change.js';
import { type TestOrg, TestServer } from '../support/start-app.js';

const KEYS = '/manage/v1/api-keys';

const server = TestServer.forSuite();
let org: TestOrg;
let admin: Signed;
let policies: PolicySetters;
let uses: KeyUses;
beforeEach(async () => {
  org = await server.newOrg();
  policies = await PolicySetters.of(server, org);
  admin = await signedInAs(server, org, 'Admin');
  uses = new KeyUses(server);
});
afterEach(() => policies.set('installation', {}));

const run = () => server.app.get(IdleKeysJob, { strict: false }).run();
const stateOf = async (id: string) => (await readKey(admin, id)).state;

/** A key that was made that many days ago. */
async function agedKey(days: number, settings: object = {}) {
  const key = await createKey(admin, settings);
  for (const [table, column] of [
    ['api_keys', 'id'],
    ['key_credentials', 'key_id'],
  ]) {
    const sql = `UPDATE ${table} SET created_at = now() - $2 * interval '1 day' WHERE ${column} = $1`;
    await changeBySql(server, sql, [key.id, days]);
  }
  return key;
}

describe('idle keys', () => {
  it('are suspended where a policy says so, once, and the audit names the server', async () => {
    const { id, api_key } = await agedKey(40);
    const typed = await agedKey(40, { type: 'client' });
    await server.as(api_key).get('/whoami').expect(200);
    // Stores the use.
    expect(await stateOf(id)).toBe('active');
    await server.database.query(
      `UPDATE key_usage SET hour = hour - interval '35 days',
      last_used_at = last_used_at - interval '35 days' WHERE key_id = $1`,
      [id],
    );
    await run();
    expect(await stateOf(id)).toBe('active');
    await policies.set('org', { suspend_idle_after_days: 30 });
    await Promise.all([run(), run(), run()]);
    expect(await readKey(admin, id)).toMatchObject({ state: 'suspended', suspension_reason: 'idle' });
    expect(await stateOf(typed.id)).toBe('suspended');
    await server.as(api_key).get('/whoami').expect(401);
    const { body } = await admin.get(`/manage/v1/audit?api_key_id=${id}&action=api_key.suspended`).expect(200);
    expect(body.items).toMatchObject([
      {
        actor: { type: 'system', name: 'Gatehouse' },
        changes: { suspension_reason: { before: null, after: 'idle' } },
      },
    ]);
  });

  it('are those of the strictest policy', async () => {
    const [older, younger] = [await agedKey(50), await agedKey(20)];
    await policies.set('installation', { suspend_idle_after_days: 90 });
    await policies.set('partner', { suspend_idle_after_days: 30 });
    await run();
    expect([await stateOf(older.id), await stateOf(younger.id)]).toEqual(['suspended', 'active']);
  });

  it('are not those that were used, resumed or rotated lately, nor keys of a resumed org', async () => {
    await policies.set('org', { suspend_idle_after_days: 30 });
    const [used, resumed, rotated, idle] = [await agedKey(50), await agedKey(50), await agedKey(50), await agedKey(50)];
    await uses.add(used.id, { hoursAgo: 24 * 29, requests: 1 });
    await admin.post(`${KEYS}/${resumed.id}/suspend`).send({}).expect(200);
    await admin.post(`${KEYS}/${resumed.id}/resume`).send({}).expect(200);
    await admin.post(`${KEYS}/${rotated.id}/rotate`).send({}).expect(200);
    await run();
    const states = await Promise.all([used, resumed, rotated, idle].map(({ id }) => stateOf(id)));
    expect(states).toEqual(['active', 'active', 'active', 'suspended']);
    const late = await agedKey(50);
    await server.as(org.partner.key).post(`/partner/v1/orgs/${org.id}/suspend`).expect(200);
    await run();
    await server.as(org.partner.key).post(`/partner/v1/orgs/${org.id}/resume`).expect(200);
    await run();
    expect(await stateOf(late.id)).toBe('active');
  });

  it('stay active once they are resumed', async () => {
    const { id, api_key } = await agedKey(40);
    await policies.set('org', { suspend_idle_after_days: 30 });
    await run();
    await admin.post(`${KEYS}/${id}/resume`).send({}).expect(200);
    await run();
    expect(await stateOf(id)).toBe('active');
    await server.as(api_key).get('/whoami').expect(200);
  });

  it('of other orgs, and revoked and expired keys, are left alone', async () => {
    const { id } = await agedKey(40);
    const revoked = await agedKey(40);
    await admin.post(`${KEYS}/${revoked.id}/revoke`).expect(200);
    const other = await PolicySetters.of(server, await server.newOrg());
    await other.set('org', { suspend_idle_after_days: 1 });
    await run();
    expect(await stateOf(id)).toBe('active');
    await policies.set('org', { suspend_idle_after_days: 30 });
    await run();
    expect(await readKey(admin, revoked.id)).toMatchObject({ state: 'revoked', suspended_at: null });
  });
});
