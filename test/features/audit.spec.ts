import { get } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { AuditChains } from '../../src/kit/audit/audit-chains.js';
import type { AuditEntryView } from '../../src/kit/audit/audit.dto.js';
import { inTransaction } from '../../src/core/database/transaction.js';
import { createAgent, createKey, type Signed, signedInAs } from '../support/manage.js';
import { SqlCount } from '../support/sql-count.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { until } from '../support/until.js';

const AUDIT = '/manage/v1/audit';
const CSV = '/manage/v1/audit.csv';
const TITLES =
  '"id","created_at","action","actor_type","actor_id","actor_name","target_type","target_id","target_name","changes",' +
  '"ip","request_id"\r\n';
const BYTE_ORDER_MARK = '\uFEFF';

const server = TestServer.forSuite();
let org: TestOrg;
let owner: Signed;
beforeEach(async () => {
  org = await server.newOrg();
  owner = await signedInAs(server, org, 'Owner');
});

const read = async (query = '', by = owner) =>
  (await by.get(AUDIT + query).expect(200)).body as { items: AuditEntryView[]; next: string | null };
const actionsOf = async (query: string) => (await read(query)).items.map(({ action }) => action);
const csvOf = async (query = '') => {
  const { text } = await owner.get(CSV + query).expect(200);
  expect(text.startsWith(BYTE_ORDER_MARK)).toBe(true);
  return text.slice(BYTE_ORDER_MARK.length);
};

/** Adds many valid entries. @param filler the number of characters to add to each */
async function writeEntries(count: number, filler = 0): Promise<void> {
  const chains = server.app.get(AuditChains);
  for (let from = 0; from < count; from += 500) {
    await inTransaction(server.database.dataSource, async (manager) => {
      for (let at = from; at < Math.min(from + 500, count); at++) {
        const target = { type: 'api_key', id: null, name: `Key ${at}${'x'.repeat(filler)}` };
        chains.append(manager, OPERATOR, { action: 'api_key.updated', orgId: org.id, target });
      }
    });
  }
}

describe('GET /manage/v1/audit', () => {
  it('has actor, action, time, address and target, newest first', async () => {
    const key = (
      await owner.post('/manage/v1/api-keys').set('X-Request-Id', 'made_it').send({ name: 'CRM', access: 'full' })
    ).body;
    const { user } = (await owner.get('/session')).body;
    const { items, next } = await read();
    expect(next).toBe(null);
    expect(items[0]).toEqual({
      id: expect.any(String),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      action: 'api_key.created',
      actor: { type: 'user', id: user.id, name: user.name },
      target: { type: 'api_key', id: key.id, name: 'CRM' },
      changes: {
        kind: { before: null, after: 'bearer' },
        type: { before: null, after: 'standard' },
        access: { before: null, after: 'full' },
      },
      ip: '127.0.0.1',
      request_id: 'made_it',
    });
    const actions = ['api_key.created', 'session.started', 'member.created', 'login_link.created', 'org.created'];
    expect(items.map(({ action }) => action)).toEqual(actions);
    for (const { actor } of items.slice(3)) {
      expect(actor).toEqual({ type: 'partner', id: org.partner.id, name: 'Demo Partner' });
    }
    expect(JSON.stringify(items)).not.toContain(key.api_key);
  });

  it('can be read by every member, and has entries of the own org only', async () => {
    const stranger = await signedInAs(server, await server.newOrg(), 'Owner');
    await createKey(owner);
    const member = await signedInAs(server, org, 'Member');
    expect((await read('', member)).items).toEqual((await read()).items);
    expect((await read('', stranger)).items.map(({ action }) => action)).toEqual([
      'session.started',
      'member.created',
      'login_link.created',
      'org.created',
    ]);
  });

  it('can be filtered by key, actor, action and time, and by all at once', async () => {
    const admin = await signedInAs(server, org, 'Admin');
    const [one, other] = [await createKey(owner), await createKey(admin)];
    await admin.delete(`/manage/v1/api-keys/${one.id}`).expect(204);
    const adminId = (await admin.get('/session')).body.user.id;
    expect(await actionsOf(`?api_key_id=${one.id}`)).toEqual(['api_key.revoked', 'api_key.created']);
    expect(await actionsOf(`?api_key_id=${adminId}`)).toEqual([]);
    expect(await actionsOf(`?actor_id=${adminId}`)).toEqual([
      'api_key.revoked',
      'api_key.created',
      'session.started',
      'member.created',
    ]);
    expect(await actionsOf('?action=api_key.created')).toHaveLength(2);
    expect(await actionsOf('?action=api_key')).toEqual([]);
    const { created_at: at } = (await read(`?api_key_id=${other.id}`)).items[0]!;
    const now = encodeURIComponent(at);
    expect(await actionsOf(`?from=${now}&to=${now}&api_key_id=${other.id}`)).toEqual(['api_key.created']);
    const all = `?api_key_id=${one.id}&actor_id=${adminId}&action=api_key.revoked&from=${now}&to=2999-01-01T00:00:00Z`;
    expect(await actionsOf(all)).toEqual(['api_key.revoked']);
    expect(await actionsOf('?to=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await actionsOf('?from=2999-01-01T00:00:00Z')).toEqual([]);
  });

  it('has the access and settings of a new key', async () => {
    const agentId = await createAgent(owner);
    const expires_at = '2999-01-01T00:00:00.000Z';
    const scopes = ['contacts:read'];
    await createKey(owner, { kind: 'key_secret', agent_id: agentId, scopes, allowed_ips: ['10.0.0.0/8'], expires_at });
    const [pair] = (await read('?action=api_key.created&limit=1')).items;
    const after = Object.entries(pair!.changes!).map(([field, change]) => [field, change.after]);
    expect(Object.fromEntries(after)).toEqual({
      ...{ kind: 'key_secret', type: 'standard', access: 'scoped', scopes },
      ...{ agent_id: agentId, allowed_ips: ['10.0.0.0/8'], expires_at },
    });
    const conciergeId = await createAgent(owner, { name: 'Concierge', greeting: 'Hello!' });
    const [agent] = (await read('?action=agent.created&limit=1')).items;
    expect([agent!.target.id, agent!.changes]).toEqual([conciergeId, { greeting: { before: null, after: 'Hello!' } }]);
  });

  it('can be filtered by removed members, by the partner and by actors without an id', async () => {
    const left = await signedInAs(server, org, 'Admin');
    await createKey(left);
    const { user } = (await left.get('/session')).body;
    await owner.delete(`/manage/v1/members/${user.id}`).expect(204);
    await writeEntries(2);
    const actors = async (by = owner) => (await by.get(`${AUDIT}/actors`).expect(200)).body.items as object[];
    const { user: self } = (await owner.get('/session')).body;
    expect(await actors()).toEqual(
      expect.arrayContaining([
        { type: 'user', id: user.id, name: user.name },
        { type: 'user', id: self.id, name: self.name },
        { type: 'partner', id: org.partner.id, name: 'Demo Partner' },
        { type: 'operator', id: null, name: 'operator' },
      ]),
    );
    expect(await actors()).toHaveLength(4);
    expect(await actionsOf('?actor_type=operator')).toEqual(['api_key.updated', 'api_key.updated']);
    const stranger = await signedInAs(server, await server.newOrg(), 'Owner');
    expect(JSON.stringify(await actors(stranger))).not.toContain(user.id);
  });

  it.each([
    'actor_type=robot',
    'api_key_id=key',
    'actor_id=',
    'action=',
    'from=yesterday',
    'to=2026-02-30',
    'target_id=x',
    'limit=0',
  ])('refuses %s', async (query) => {
    await owner.get(`${AUDIT}?${query}`).expect(400);
    await owner.get(`${CSV}?${query}`).expect(400);
  });

  it('lists each entry once over all pages', async () => {
    await writeEntries(25);
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page = await read(`?limit=10&action=api_key.updated${next && `&cursor=${next}`}`);
      seen.push(...page.items.map(({ target }) => target.name));
      ({ next } = page);
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, at) => `Key ${24 - at}`));
  });
});

describe('GET /manage/v1/audit.csv', () => {
  it('downloads all entries with column titles', async () => {
    await writeEntries(1_201);
    const { text, headers } = await owner.get(`${CSV}?action=api_key.updated`).expect(200);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toBe('attachment; filename="audit.csv"');
    const start = BYTE_ORDER_MARK + TITLES;
    expect(text.startsWith(start)).toBe(true);
    const lines = text.slice(start.length).trimEnd().split('\r\n');
    expect(lines.map((line) => line.split(',')[8])).toEqual(
      Array.from({ length: 1_201 }, (_, at) => `"Key ${1_200 - at}"`),
    );
  });

  it('has the same filters, and only the titles without a match', async () => {
    const key = await createKey(owner);
    const { id, created_at } = (await read(`?api_key_id=${key.id}`)).items[0]!;
    const line = (await csvOf(`?api_key_id=${key.id}&action=api_key.created`)).slice(TITLES.length);
    expect(line.startsWith(`"${id}","${created_at}","api_key.created","user",`)).toBe(true);
    expect(await csvOf('?action=nothing')).toBe(TITLES);
    await owner.get(`${CSV}?cursor=AZyiAAAAcACAAAAAAAAAAA`).expect(400);
  });

  it('has no formula that a spreadsheet runs, whatever the names', async () => {
    const names = ['=cmd|calc', '+1', '-1', '@SUM(A1)', '＝1+1', 'a,"b"'];
    for (const name of names) await createKey(owner, { name });
    const text = await csvOf('?action=api_key.created');
    for (const cell of [`'=cmd|calc`, `'+1`, `'-1`, `'@SUM(A1)`, `'＝1+1`, `a,""b""`]) {
      expect(text).toContain(`,"${cell}",`);
    }
  });

  it('streams at the pace of the client, and a stalled client holds no database connection', async () => {
    await writeEntries(4_000, 4_000);
    const session = await server.newSession(org, 'reader@acmetours.example');
    const request = get(server.url + CSV, { headers: { Cookie: `gatehouse_session=${session}` } });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    await once(answer, 'readable');
    const idle = () => server.database.pool.idleCount === server.database.pool.totalCount;
    await until('no connection is held', idle);
    await owner.get(AUDIT).expect(200);
    let bytes = 0;
    for await (const chunk of answer) bytes += (chunk as Buffer).length;
    expect(answer.complete).toBe(true);
    expect(bytes).toBeGreaterThan(4_000 * 4_000);
  });

  it('reads no entries for HEAD', async () => {
    await writeEntries(2_000);
    const sql = SqlCount.start();
    const sent = await sql.during(() => owner.head(CSV).expect(200));
    sql.stop();
    expect(sent.filter((text) => text.includes('audit_entries'))).toHaveLength(1);
  });

  it('aborts the response if the database fails midway', async () => {
    await writeEntries(4_000, 4_000);
    const session = await server.newSession(org, 'reader@acmetours.example');
    const request = get(server.url + CSV, { headers: { Cookie: `gatehouse_session=${session}` } });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    await once(answer, 'readable');
    await server.owner.query('ALTER TABLE audit_entries RENAME TO lost');
    const reading = (async () => {
      for await (const _chunk of answer);
    })();
    await expect(reading).rejects.toThrow('aborted');
    await server.owner.query('ALTER TABLE lost RENAME TO audit_entries');
  });

  it('is a 500 with the standard body if nothing can be read', async () => {
    await server.owner.query('ALTER TABLE audit_entries RENAME TO lost');
    const { status, body } = await owner.get(CSV);
    await server.owner.query('ALTER TABLE lost RENAME TO audit_entries');
    expect([status, body.message]).toEqual([500, 'Internal server error']);
  });
});
