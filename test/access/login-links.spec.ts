import { beforeEach, describe, expect, it } from 'vitest';
import { mintToken64Hex } from '../../src/access/credentials/credential-format.js';
import { OPERATOR } from '../../src/kit/audit/actor.js';
import { Partners } from '../../src/tenancy/partners/partners.service.js';
import { newLoginLink, rolesOf, sessionIn } from '../support/login-links.js';
import { PUBLIC_URL, TestServer, type TestOrg } from '../support/start-app.js';
import { until } from '../support/until.js';

const UNAUTHORIZED = { statusCode: 401, message: 'Unauthorized', error: 'Unauthorized' };

const server = TestServer.forSuite();
let org: TestOrg;
beforeEach(async () => {
  org = await server.newOrg();
});

const visit = (path: string, headers: Record<string, string> = {}) => server.http.get(path).redirects(0).set(headers);
const post = (token: unknown, headers: Record<string, string> = {}) =>
  server.http.post('/session/login-link').set(headers).send({ token });

async function expectUsable({ path }: { path: string }): Promise<void> {
  expect(sessionIn(await visit(path).expect(303))).toMatch(/^[0-9a-f]{64}$/);
}

describe('opening a login link', () => {
  it('signs in and leads to the dashboard', async () => {
    const { path } = await newLoginLink(server, org);
    const { headers } = await visit(path, { 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Site': 'cross-site' }).expect(303);
    expect(headers['location']).toBe(`${PUBLIC_URL}/dashboard/`);
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^gatehouse_session=[0-9a-f]{64}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
    const { body } = await server.http.get('/session').set('Cookie', headers['set-cookie']![0]!).expect(200);
    expect(body).toMatchObject({ user: { email: 'jane@acmetours.example' } });
  });

  it('leads to the page that the link was made for', async () => {
    const { path } = await newLoginLink(server, org, { path: '/keys/new?type=openconnect' });
    const { headers } = await visit(path).expect(303);
    expect(headers['location']).toBe(`${PUBLIC_URL}/dashboard/keys/new?type=openconnect`);
  });

  it.each(['keys', '//evil.example', '/../partner-login', '/keys/..', '/a\\b', 'https://evil.example/', '/a#b'])(
    'never leads out of the dashboard: the path %s is refused',
    async (path) => {
      const link = { email: 'jane@acmetours.example', path };
      await server.as(org.partner.key).post(`/partner/v1/orgs/${org.id}/login-links`).send(link).expect(400);
    },
  );

  it('creates a new session, whatever cookie the browser sends', async () => {
    const planted = mintToken64Hex();
    const sessions = [planted];
    for (let link = 0; link < 3; link++) {
      const { path } = await newLoginLink(server, org);
      sessions.push(sessionIn(await visit(path, { Cookie: `gatehouse_session=${planted}` }).expect(303))!);
    }
    expect(new Set(sessions).size).toBe(4);
    await server.signedIn(planted).get('/session').expect(401);
  });

  it('works once: then it is a 410 page with instructions, and a 401 for a POST', async () => {
    const link = await newLoginLink(server, org);
    await expectUsable(link);
    const { text, headers } = await visit(link.path).expect(410);
    expect(text).toContain('This login link no longer works');
    expect(text).toContain('open your dashboard from there again');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['set-cookie']).toBe(undefined);
    expect((await post(link.token).expect(401)).body).toEqual(UNAUTHORIZED);
  });

  it('works for 15 minutes', async () => {
    const [young, old] = [await newLoginLink(server, org), await newLoginLink(server, org)];
    const age = (minutes: number) =>
      server.database.pool.query("update login_links set expires_at = expires_at - $1 * interval '1 minute'", [
        minutes,
      ]);
    await age(14.9);
    await expectUsable(young);
    await age(0.2);
    await visit(old.path).expect(410);
    expect((await post(old.token).expect(401)).body).toEqual(UNAUTHORIZED);
  });

  it('leads to the dashboard when reopened by the signed-in browser', async () => {
    const { path } = await newLoginLink(server, org);
    const session = sessionIn(await visit(path).expect(303))!;
    const cookie = { Cookie: `gatehouse_session=${session}` };
    const { headers } = await visit(path, cookie).expect(303);
    expect(headers['location']).toBe(`${PUBLIC_URL}/dashboard/`);
    expect(headers['set-cookie']).toBe(undefined);
    const other = sessionIn(await visit((await newLoginLink(server, org)).path).expect(303))!;
    await visit(path, { Cookie: `gatehouse_session=${other}` }).expect(410);
    await visit(path).expect(410);
    await server.signedIn(session).delete('/session').expect(204);
    await visit(path, cookie).expect(410);
  });

  it('needs a valid token: anything else is the 410 page and the 401', async () => {
    const { token } = await newLoginLink(server, org);
    const others = [
      mintToken64Hex(),
      token.toUpperCase(),
      token.slice(1),
      `${token}0`,
      `${token} `,
      'x',
      "' or 1=1 --",
    ];
    for (const other of others) {
      await visit(`/partner-login?token=${encodeURIComponent(other)}`).expect(410);
      expect((await post(other).expect(401)).body).toEqual(UNAUTHORIZED);
    }
    const malformed = [
      '',
      '?token=',
      `?token=${token}&token=${token}`,
      '?token=%00',
      `?Token=${token}`,
      `?token[]=${token}`,
    ];
    for (const query of malformed) await visit(`/partner-login${query}`).expect(410);
    for (const other of ['', null, 7, [token], { token }, undefined]) await post(other).expect(400);
    await expectUsable({ path: `/partner-login?token=${token}` });
  });

  it('is refused for an archived org and for an inactive partner', async () => {
    const [archived, inactive] = [await server.newOrg(), await server.newOrg()];
    const links = [await newLoginLink(server, archived), await newLoginLink(server, archived)];
    const others = [await newLoginLink(server, inactive), await newLoginLink(server, inactive)];
    await server.as(archived.partner.key).delete(`/partner/v1/orgs/${archived.id}`).expect(204);
    await server.app.get(Partners).update(OPERATOR, inactive.partner.id, { is_active: false });
    for (const [one, other] of [links, others]) {
      await visit(one!.path).expect(410);
      await post(other!.token).expect(401);
    }
  });
});

describe('signing in', () => {
  it.each<[string, (link: { path: string; token: string }, cookie: object) => Promise<unknown>]>([
    ['by opening the link', async ({ path }, cookie) => visit(path, { ...cookie }).expect(303)],
    ['by the button', async ({ token }, cookie) => post(token, { ...cookie }).expect(200)],
  ])('%s ends the session that the browser had', async (_how, use) => {
    const [before, elsewhere] = [await server.newSession(org), await server.newSession(org)];
    await use(await newLoginLink(server, org, { email: 'owner@acmetours.example' }), {
      Cookie: `gatehouse_session=${before}`,
    });
    await server.signedIn(before).get('/session').expect(401);
    await server.signedIn(elsewhere).get('/session').expect(200);
  });

  it('keeps the session if the link was used', async () => {
    const session = await server.newSession(org);
    await post(mintToken64Hex(), { Cookie: `gatehouse_session=${session}` }).expect(401);
    await server.signedIn(session).get('/session').expect(200);
  });
});

describe('removing a member', () => {
  const email = 'jane@acmetours.example';
  let owner: ReturnType<TestServer['signedIn']>;
  beforeEach(async () => {
    owner = server.signedIn(await server.newSession(org));
    await server.newSession(org, email);
  });

  const janesId = async () => {
    const { items } = (await owner.get('/manage/v1/members').expect(200)).body;
    return (items as { user_id: string; email: string }[]).find((member) => member.email === email)!.user_id;
  };

  it('invalidates earlier links of that member only', async () => {
    const elsewhere = await server.newOrg();
    const [before, ofAnother, ofAnotherOrg] = [
      await newLoginLink(server, org),
      await newLoginLink(server, org, { email: 'john@acmetours.example' }),
      await newLoginLink(server, elsewhere),
    ];
    await owner.delete(`/manage/v1/members/${await janesId()}`).expect(204);
    await visit(before.path).expect(410);
    await post(before.token).expect(401);
    await expectUsable(ofAnother);
    await expectUsable(ofAnotherOrg);
    await expectUsable(await newLoginLink(server, org));
  });

  it('leaves no link that was created concurrently', async () => {
    for (let round = 0; round < 10; round++) {
      const id = await janesId();
      const [removal, ...links] = await Promise.all([
        owner.delete(`/manage/v1/members/${id}`),
        newLoginLink(server, org),
        newLoginLink(server, org),
      ]);
      expect(removal.status).toBe(204);
      const { items } = (await owner.get('/manage/v1/audit?action=login_link.created&limit=2').expect(200)).body;
      const made = items as { target: { id: string | null } }[];
      // A link requested after the removal creates a new user.
      const answers = await Promise.all(links.map(({ path }) => visit(path)));
      const [usable, ended] = [303, 410].map((status) => answers.filter((answer) => answer.status === status).length);
      const [forNewcomers, forMember] = [null, id].map((who) => made.filter(({ target }) => target.id === who).length);
      expect({ usable, ended }).toEqual({ usable: forNewcomers, ended: forMember });
      if (usable === 0) await server.newSession(org, email);
    }
  });

  it('refuses a concurrent visit of a link', async () => {
    for (let round = 0; round < 10; round++) {
      const id = await janesId();
      const [link, other] = [await newLoginLink(server, org), await newLoginLink(server, org)];
      const [removal, ...visits] = await Promise.all([
        owner.delete(`/manage/v1/members/${id}`),
        visit(link.path),
        visit(other.path),
      ]);
      expect(removal.status).toBe(204);
      for (const answer of visits) {
        expect([303, 410]).toContain(answer.status);
        if (answer.status === 303) await server.signedIn(sessionIn(answer)!).get('/session').expect(401);
      }
      const { items } = (await owner.get('/manage/v1/members').expect(200)).body;
      expect(items).toHaveLength(1);
      await server.newSession(org, email);
    }
  });
});

it('adding and signing in a new person concurrently creates one member, without a deadlock', async () => {
  const owner = server.signedIn(await server.newSession(org));
  const { items } = (await owner.get('/manage/v1/roles').expect(200)).body;
  for (let round = 0; round < 10; round++) {
    const email = `new${round}@acmetours.example`;
    const link = await newLoginLink(server, org, { email });
    const [added, visited] = await Promise.all([
      owner.post('/manage/v1/members').send({ email, role_id: items[2].id }),
      visit(link.path),
    ]);
    expect([201, 409]).toContain(added.status);
    expect(visited.status).toBe(303);
  }
  expect((await owner.get('/manage/v1/members?limit=100').expect(200)).body.items).toHaveLength(11);
});

describe("the lock on an org's row", () => {
  /** Sends a request that blocks on an open transaction with the change, then commits. Returns the answer. */
  async function answerAfter<T>(change: string, ask: () => PromiseLike<T>): Promise<T> {
    const client = await server.owner.connect();
    try {
      await client.query('BEGIN');
      await client.query(change, [org.id]);
      let isAnswered = false;
      const answer = Promise.resolve(ask()).finally(() => (isAnswered = true));
      await until('the request waits for the row, or is answered', async () => {
        const { rows } = await client.query(
          'SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))',
        );
        return isAnswered || rows.length > 0;
      });
      await client.query('COMMIT');
      return await answer;
    } finally {
      client.release();
    }
  }

  it('keeps a visit from opening a session while the org is archived', async () => {
    const { path } = await newLoginLink(server, org);
    const answer = await answerAfter('UPDATE orgs SET archived_at = now() WHERE id = $1', () => visit(path));
    expect(answer.status).toBe(410);
    const sql = 'SELECT count(*)::int FROM sessions JOIN members ON members.id = member_id WHERE org_id = $1';
    expect((await server.database.pool.query(sql, [org.id])).rows[0].count).toBe(0);
  });

  it('makes a link that is created during a removal use the role of the link', async () => {
    const roles = await rolesOf(server, org);
    await server.newSession(org, 'jane@acmetours.example', roles.Member);
    const change = `WITH org AS (SELECT id FROM orgs WHERE id = $1 FOR UPDATE)
      DELETE FROM members USING org WHERE org_id = org.id`;
    const link = await answerAfter(change, () => newLoginLink(server, org, { role_ids: [roles.Admin] }));
    const session = sessionIn(await visit(link.path).expect(303))!;
    expect((await server.signedIn(session).get('/session').expect(200)).body.role.name).toBe('Admin');
  });
});

describe('the confirmation page', () => {
  it.each<[string, Record<string, string>]>([
    ['a prefetch', { 'Sec-Purpose': 'prefetch', 'Sec-Fetch-Dest': 'document' }],
    ['a prerender', { 'Sec-Purpose': 'prefetch;prerender' }],
    ['an image', { 'Sec-Fetch-Dest': 'image' }],
    ['a frame', { 'Sec-Fetch-Dest': 'iframe' }],
    ['a script that fetches', { 'Sec-Fetch-Dest': 'empty', 'Sec-Fetch-Mode': 'cors' }],
  ])('is shown to %s, without using the link', async (_what, headers) => {
    const link = await newLoginLink(server, org);
    for (let time = 0; time < 2; time++) {
      const page = await visit(link.path, headers).expect(200);
      expect(sessionIn(page)).toBe(undefined);
      expect(page.text.match(/<button/g)).toHaveLength(1);
    }
    await expectUsable(link);
  });

  it('follows the setting of the partner before that of the installation', async () => {
    const partners = server.app.get(Partners);
    const set = (confirm_login_links: boolean | null) =>
      partners.update(OPERATOR, org.partner.id, { confirm_login_links });
    await set(true);
    const link = await newLoginLink(server, org);
    expect((await visit(link.path).expect(200)).text).toContain('<button');
    const elsewhere = await newLoginLink(server, await server.newOrg());
    await visit(elsewhere.path).expect(303);
    await set(null);
    await visit(link.path).expect(303);
  });

  it('has a button that leads to the page that the link was made for', async () => {
    const john = await server.newSession(org, 'john@acmetours.example');
    const { path } = await newLoginLink(server, org, { path: '/keys/new?type=client&name=Website' });
    const { text } = await visit(path, { Cookie: `gatehouse_session=${john}` }).expect(200);
    expect(text).toContain('data-path="/dashboard/keys/new?type=client&#38;name=Website"');
  });

  it('answers HEAD without a body and without using the link', async () => {
    const link = await newLoginLink(server, org);
    const { headers, text } = await server.http.head(link.path).expect(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['set-cookie']).toBe(undefined);
    expect(text ?? '').toBe('');
    await expectUsable(link);
    await server.http.head(link.path).expect(410);
  });

  it('is shown if another user is signed in, and its button replaces that user', async () => {
    const john = await server.newSession(org, 'john@acmetours.example');
    const link = await newLoginLink(server, org);
    const cookie = { Cookie: `theme=dark; gatehouse_session=${john}` };
    const page = await visit(link.path, cookie).expect(200);
    expect(page.text).toContain('You are signed in to <strong>Acme Tours</strong> as john@acmetours.example.');
    await server.signedIn(john).get('/session').expect(200);
    const answer = await post(link.token, { ...cookie, Origin: PUBLIC_URL }).expect(200);
    expect(answer.body.user.email).toBe('jane@acmetours.example');
    expect(sessionIn(answer)).not.toBe(john);
  });

  it('is shown if the link leads the user into another org, with escaped names', async () => {
    const jane = await server.newSession(org);
    const other = await server.newOrg();
    await server
      .as(other.partner.key)
      .patch(`/partner/v1/orgs/${other.id}`)
      .send({ name: '<b>Globex</b> & "Sons"' })
      .expect(200);
    const link = await newLoginLink(server, other, { email: 'owner@acmetours.example' });
    const page = await visit(link.path, { Cookie: `gatehouse_session=${jane}` }).expect(200);
    expect(page.text).toContain('<strong>Acme Tours</strong> as owner@acmetours.example');
    expect(page.text).toContain('&#60;b&#62;Globex&#60;/b&#62; &#38; &#34;Sons&#34;');
    await server.signedIn(jane).get('/session').expect(200);
    await expectUsable(link);
  });

  it('is skipped for the signed-in user of the same org, and after the session has ended', async () => {
    const jane = await server.newSession(org, 'Jane@acmetours.example');
    const again = await newLoginLink(server, org, { email: 'JANE@AcmeTours.Example' });
    await visit(again.path, { Cookie: `gatehouse_session=${jane}` }).expect(303);
    const john = await server.newSession(org, 'john@acmetours.example');
    await server.signedIn(john).delete('/session').expect(204);
    await visit((await newLoginLink(server, org)).path, { Cookie: `gatehouse_session=${john}` }).expect(303);
  });

  it('has no inline script and sends no referrer', async () => {
    const { path, token } = await newLoginLink(server, org);
    const { text, headers } = await visit(path, { 'Sec-Purpose': 'prefetch' }).expect(200);
    const spent = await visit(`/partner-login?token=${mintToken64Hex()}`).expect(410);
    for (const each of [headers, spent.headers]) {
      expect(each).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
      expect(each['x-content-type-options']).toBe('nosniff');
      expect(each['content-security-policy']).toContain("default-src 'self'");
      expect(each['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(each['content-security-policy']).not.toContain('unsafe');
    }
    expect(text).not.toContain(token);
    expect(text).not.toMatch(/<script>|<style|\son\w+=|javascript:|https?:/);
    for (const [, source] of text.matchAll(/(?:src|href)="([^"]+)"/g)) await server.http.get(source!).expect(200);
  });
});
