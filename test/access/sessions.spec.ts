import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf, mintToken64Hex } from '../../src/access/credentials/credential-format.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { Partners } from '../../src/tenancy/partners/partners.service.js';
import { newLoginLink, rolesOf } from '../support/login-links.js';
import { changeBySql } from '../support/sql-change.js';
import { PUBLIC_URL, TestServer, type TestOrg } from '../support/start-app.js';

const UNAUTHORIZED = { statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' };

const server = TestServer.forSuite();
let org: TestOrg;
let session: string;
beforeEach(async () => {
  org = await server.newOrg();
  session = await server.newSession(org);
});

const current = (token = session) => server.signedIn(token).get('/session');

/** Changes the row of the session or its member directly in the database. */
async function change(set: string): Promise<void> {
  const [table, column] = set.startsWith('members')
    ? ['members', 'id = (select member_id']
    : ['sessions', 'id = (select id'];
  const sql = `update ${table} set ${set.slice(table.length + 1)} where ${column} from sessions where digest = $1)`;
  const { rowCount } = await server.database.pool.query(sql, [digestOf(session)]);
  expect(rowCount).toBe(1);
}

describe('a request that names the org of its page', () => {
  const KEY = { name: 'Production', scopes: ['contacts:read'] };
  const page = (orgId: string) => server.signedIn(session).get('/session').set('X-Gatehouse-Org', orgId);

  it('is answered while the session is of that org, and gets 409 after a sign-in to another', async () => {
    await page(org.id).expect(200);
    const other = await server.newOrg();
    const answers = [
      await page(other.id).expect(409),
      await server.signedIn(session).post('/manage/v1/api-keys').set('X-Gatehouse-Org', other.id).send(KEY).expect(409),
      await server.signedIn(session).delete('/session').set('X-Gatehouse-Org', other.id).expect(409),
    ];
    for (const { body } of answers) {
      expect(body).toEqual({
        statusCode: 409,
        message: 'You are signed in to another organization in this browser. Reload the page.',
        code: 'other_org',
      });
    }
    await current().expect(200);
    expect((await server.signedIn(session).get('/manage/v1/api-keys').expect(200)).body.items).toEqual([]);
  });

  it('is refused for a malformed id', async () => {
    for (const named of ['', 'x', `${org.id}, ${org.id}`, org.id.toUpperCase()]) await page(named).expect(409);
  });
});

describe('a session', () => {
  it('ends 12 hours after the last request', async () => {
    for (let day = 0; day < 3; day++) {
      await change("sessions last_seen_at = now() - interval '11 hours 59 minutes'");
      await current().expect(200);
    }
    await change("sessions last_seen_at = now() - interval '12 hours 1 second'");
    expect((await current().expect(401)).body).toEqual(UNAUTHORIZED);
    await current().expect(401);
  });

  it('updates its last use at most once a minute', async () => {
    const seenAgo = async () => {
      const sql = 'select extract(epoch from now() - last_seen_at)::float8 as ago from sessions where digest = $1';
      return (await server.database.pool.query(sql, [digestOf(session)])).rows[0].ago as number;
    };
    await change("sessions last_seen_at = now() - interval '1 hour'");
    await current().expect(200);
    expect(await seenAgo()).toBeLessThan(1_800);
    await change("sessions last_seen_at = now() - interval '1 second'");
    const before = (await server.database.pool.query('select last_seen_at from sessions order by id')).rows;
    await current().expect(200);
    expect((await server.database.pool.query('select last_seen_at from sessions order by id')).rows).toEqual(before);
  });

  it('ends after 7 days, however active it is', async () => {
    const sevenDays = 7 * 86_400_000;
    const { expires_at } = (await current().expect(200)).body as { expires_at: string };
    expect(Math.abs(Date.parse(expires_at) - Date.now() - sevenDays)).toBeLessThan(60_000);
    await change("sessions expires_at = now() + interval '1 minute', last_seen_at = now() - interval '2 hours'");
    const { body } = await current().expect(200);
    expect(Date.parse(body.expires_at)).toBeLessThan(Date.now() + 61_000);
    await change('sessions expires_at = now()');
    await current().expect(401);
  });

  it('ends with a change of role', async () => {
    const { Admin } = await rolesOf(server, org);
    await change(`members role_id = '${Admin}'`);
    await current().expect(401);
    await current(await server.newSession(org)).expect(200);
  });

  it('ends with the membership', async () => {
    await changeBySql(server, 'delete from members where org_id = $1', [org.id]);
    await current().expect(401);
  });

  it('ends by sign-out with 204, without the cookie, and without effect on other sessions', async () => {
    const other = await server.newSession(org);
    const { headers } = await server.signedIn(session).delete('/session').expect(204);
    expect(headers['set-cookie']).toEqual(['gatehouse_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax']);
    await current().expect(401);
    await server.signedIn(session).delete('/session').expect(401);
    await current(other).expect(200);
  });

  it('notifies every process of its end, and of nothing else that happens to it', async () => {
    const heard = async (work: () => Promise<unknown>) => {
      const read = 'select version::float8, tags from access_version left join access_change using (version)';
      const { version: before } = (await server.database.pool.query(read)).rows[0];
      await work();
      const [now] = (await server.database.pool.query(read)).rows;
      return now.version === before ? undefined : now.tags;
    };
    const { rows } = await server.database.pool.query('select id from sessions where digest = $1', [digestOf(session)]);
    const tags = [`session:${rows[0].id}`];
    await change("sessions last_seen_at = now() - interval '1 hour'");
    expect(await heard(() => current().expect(200))).toBeUndefined();
    const other = await server.newSession(org);
    expect(await heard(() => server.signedIn(session).delete('/session').expect(204))).toEqual(tags);
    expect(await heard(() => server.signedIn(other).delete('/session').expect(204))).not.toEqual(tags);
  });

  it('is stored as a digest only, and so is a login link', async () => {
    const { token } = await newLoginLink(server, org);
    const { rows } = await server.database.pool.query(
      'select sessions::text as text from sessions union all select login_links::text from login_links',
    );
    expect(rows.filter(({ text }) => text.includes(session) || text.includes(token))).toEqual([]);
    expect(rows.some(({ text }) => text.includes(digestOf(session)))).toBe(true);
  });

  it('is accepted in exactly one cookie with its exact name and value', async () => {
    const withCookie = (cookie: string) => server.http.get('/session').set('Cookie', cookie);
    await withCookie(`a=1; gatehouse_session=${session}; b=2`).expect(200);
    const others = [
      `gatehouse_session=${session}; gatehouse_session=${mintToken64Hex()}`,
      `gatehouse_session=${mintToken64Hex()}; gatehouse_session=${session}`,
      `__Host-gatehouse_session=${session}`,
      `Gatehouse_session=${session}`,
      `xgatehouse_session=${session}`,
      `gatehouse_session="${session}"`,
      `gatehouse_session=${session.toUpperCase()}`,
      `gatehouse_session=${session}0`,
      `gatehouse_session=${mintToken64Hex()}`,
      'gatehouse_session=',
    ];
    for (const cookie of others) await withCookie(cookie).expect(401);
  });

  it('is refused on routes for keys, and keys on routes for sessions', async () => {
    const { key } = await server.newOrgKey(org);
    for (const path of ['/whoami', '/contacts', '/partner/v1/orgs']) {
      expect((await server.signedIn(session).get(path).expect(401)).body).toEqual(UNAUTHORIZED);
    }
    for (const bearer of [key, org.partner.key, session]) await server.as(bearer).get('/session').expect(401);
  });
});

describe('a request that changes something with a session', () => {
  const signOut = (headers: Record<string, string>) =>
    server.http.delete('/session').set({ Cookie: `gatehouse_session=${session}`, ...headers });
  const OURS = { 'X-Requested-With': 'gatehouse' };

  it('is refused without the header that other sites cannot send', async () => {
    for (const headers of [
      {},
      { 'X-Requested-With': 'XMLHttpRequest' },
      { 'X-Requested-With': '' },
      { Origin: PUBLIC_URL },
    ]) {
      const { body } = await signOut(headers as Record<string, string>).expect(403);
      expect(body).toEqual({
        statusCode: 403,
        message: 'State-changing requests must carry the header X-Requested-With: gatehouse.',
        code: 'cross_site_request',
      });
    }
    await current().expect(200);
  });

  it('is refused from another origin', async () => {
    for (const origin of ['https://evil.example', 'null', `${PUBLIC_URL}:8080`, `${PUBLIC_URL}.evil.example`, '']) {
      const { body } = await signOut({ ...OURS, Origin: origin }).expect(403);
      expect(body).toEqual({ statusCode: 403, message: 'Origin is not allowed.', code: 'origin_not_allowed' });
    }
    await current().expect(200);
  });

  it('passes from pages of the dashboard and from clients that are not browsers', async () => {
    await signOut({ ...OURS, Origin: PUBLIC_URL }).expect(204);
    session = await server.newSession(org);
    await signOut(OURS).expect(204);
  });

  it('is not needed for requests that read', async () => {
    const headers = { Cookie: `gatehouse_session=${session}`, Origin: 'https://evil.example' };
    await server.http.get('/session').set(headers).expect(200);
    await server.http.head('/session').set(headers).expect(200);
  });
});

describe('sessions and keys end at once', () => {
  async function statuses(orgKey: string): Promise<Record<string, number>> {
    const [bySession, byOrgKey, byPartnerKey] = await Promise.all([
      current(),
      server.as(orgKey).get('/whoami'),
      server.as(org.partner.key).get('/partner/v1/orgs'),
    ]);
    return { session: bySession.status, orgKey: byOrgKey.status, partnerKey: byPartnerKey.status };
  }

  it('with their archived org', async () => {
    const { key } = await server.newOrgKey(org);
    expect(await statuses(key)).toEqual({ session: 200, orgKey: 200, partnerKey: 200 });
    await server.as(org.partner.key).delete(`/partner/v1/orgs/${org.id}`).expect(204);
    expect(await statuses(key)).toEqual({ session: 401, orgKey: 401, partnerKey: 200 });
  });

  it('with their deactivated partner, until it is reactivated', async () => {
    const { key } = await server.newOrgKey(org);
    const partners = server.app.get(Partners);
    for (const is_active of [true, false, true, false]) {
      await partners.update(OPERATOR, org.partner.id, { is_active });
      const status = is_active ? 200 : 401;
      expect(await statuses(key)).toEqual({ session: status, orgKey: status, partnerKey: status });
    }
    expect((await current().expect(401)).body).toEqual(UNAUTHORIZED);
  });
});
