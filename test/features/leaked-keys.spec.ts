import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, mintKeyPair, mintOpaqueKey } from '../../src/access/credentials/credential-format.js';
import type { KeyExposureView } from '../../src/insight/leaks/key-exposure.dto.js';
import type { NewManagedKey } from '../../src/tenancy/api-keys/key-view.dto.js';
import { Github } from '../support/github.js';
import { createAgent, createKey, pairHeaders, readKey, type Signed, signedInAs } from '../support/manage.js';
import { SqlCount } from '../support/sql-count.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';

const PLACE = 'https://github.com/acme/website/blob/1f2e3d/settings.py';

let github: Github;
let server: TestServer;
let org: TestOrg;
let owner: Signed;
beforeAll(async () => {
  github = await Github.start();
  server = await TestServer.start(github.settings);
});
afterAll(async () => {
  await server.close();
  await github.close();
});
beforeEach(async () => {
  org = await server.newOrg();
  owner = server.signedIn(await server.newSession(org, `owner@${org.id}.example`));
});

interface Label {
  readonly token_hash: string;
  readonly token_type: string;
  readonly label: string;
}

const match = (token: string, url = PLACE) => ({ token, type: 'ocx_live_api_key', url, source: 'commit' });
const label = (token: string, isReal: boolean): Label => ({
  token_hash: digestOf(token),
  token_type: 'ocx_live_api_key',
  label: isReal ? 'true_positive' : 'false_positive',
});

async function report(...matches: object[]): Promise<Label[]> {
  const answer = await github.report(server.url, matches);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Label[];
}

async function exposuresOf(id: string): Promise<readonly KeyExposureView[]> {
  return (await owner.get(`/manage/v1/api-keys/${id}/exposures`).expect(200)).body.items;
}

/** Waits until the job has recorded that many places. */
async function exposures(id: string, count = 1): Promise<readonly KeyExposureView[]> {
  let found: readonly KeyExposureView[] = [];
  await until(`${count} places`, async () => (found = await exposuresOf(id)).length === count);
  return found;
}

const choose = (on_exposed: string) => owner.patch('/manage/v1/org').send({ on_exposed }).expect(200);
const statusOf = async (key: NewManagedKey) => (await server.as(key.api_key).get('/whoami')).status;
const auditOf = async (id: string) => {
  const { body } = await owner.get(`/manage/v1/audit?api_key_id=${id}`).expect(200);
  return body.items as { action: string; changes: Record<string, unknown>; actor: { type: string; name: string } }[];
};
const mails = async () => {
  const sql = `SELECT to_email, subject, html FROM mail_messages JOIN mail_bodies ON mail_bodies.id = body_id
    WHERE mail_messages.org_id = $1 ORDER BY mail_messages.id`;
  return (await server.database.pool.query<{ to_email: string; subject: string; html: string }>(sql, [org.id])).rows;
};

describe('a key that GitHub found in public', () => {
  it('is suspended, and its place is shown and audited', async () => {
    const key = await createKey(owner);
    expect(await statusOf(key)).toBe(200);
    expect(await report(match(key.api_key))).toEqual([label(key.api_key, true)]);
    const [exposure] = await exposures(key.id);
    expect(exposure).toMatchObject({ reported_by: 'github', url: PLACE, found_in: 'commit', action: 'suspended' });
    expect(await statusOf(key)).toBe(401);
    expect((await readKey(owner, key.id)).revoked_at).toBeNull();
    const [suspended, exposed] = await auditOf(key.id);
    expect([exposed!.action, suspended!.action]).toEqual(['api_key.exposed', 'api_key.suspended']);
    expect(exposed).toMatchObject({
      actor: { type: 'system', name: 'GitHub secret scanning' },
      changes: { urls: { before: null, after: [PLACE] }, action: { before: null, after: 'suspended' } },
    });
    expect(suspended!.changes).toMatchObject({ suspension_reason: { before: null, after: 'exposed' } });
  });

  it('is revoked, or only told about, where the org chose that', async () => {
    expect((await owner.get('/manage/v1/org').expect(200)).body.on_exposed).toBe('suspend');
    await choose('revoke');
    const first = await createKey(owner);
    await report(match(first.api_key));
    expect(await exposures(first.id)).toMatchObject([{ action: 'revoked' }]);
    expect((await readKey(owner, first.id)).state).toBe('revoked');
    await choose('tell');
    const second = await createKey(owner);
    await report(match(second.api_key));
    expect(await exposures(second.id)).toMatchObject([{ action: 'told' }]);
    expect(await statusOf(second)).toBe(200);
    await owner.patch('/manage/v1/org').send({ on_exposed: 'ignore' }).expect(400);
    const member = await signedInAs(server, org, 'Member');
    await member.patch('/manage/v1/org').send({ on_exposed: 'tell' }).expect(403);
  });

  it('is told about by mail to Owners, Admins and its creator, once a day, with the places', async () => {
    const admin = await signedInAs(server, org, 'Admin');
    await signedInAs(server, org, 'Member');
    const key = await createKey(owner, { name: 'Booking <website>' });
    await report(match(key.api_key), match(key.api_key, `${PLACE}?second#L7`), match(key.api_key, `${PLACE}/fork`));
    await exposures(key.id, 2);
    const sent = await mails();
    const { items } = (await admin.get('/manage/v1/members').expect(200)).body as {
      items: { email: string; role: { name: string } }[];
    };
    const managers = items.filter(({ role }) => role.name !== 'Member').map(({ email }) => email);
    expect(sent.map(({ to_email }) => to_email).toSorted()).toEqual(managers.toSorted());
    expect(sent[0]!.subject).toBe('API key “Booking <website>” of Acme Tours was exposed: suspended');
    expect(sent[0]!.html).toContain('Booking &#60;website&#62;');
    expect(sent[0]!.html).toContain(`<li>${PLACE}</li>\n<li>${PLACE}/fork</li>`);
    expect(sent[0]!.html).toContain(`/dashboard/keys/${key.id}`);
  });

  it('is reported again without effect, also at the same time', async () => {
    const key = await createKey(owner);
    await Promise.all([report(match(key.api_key)), report(match(key.api_key)), report(match(key.api_key))]);
    await exposures(key.id);
    const before = await auditOf(key.id);
    await owner.patch('/manage/v1/org').send({ on_exposed: 'revoke' }).expect(200);
    expect(await report(match(key.api_key))).toEqual([label(key.api_key, true)]);
    const other = await createKey(owner);
    await report(match(other.api_key));
    // The jobs of an org run in order, so the first repeat has run.
    await exposures(other.id);
    expect(await exposuresOf(key.id)).toHaveLength(1);
    expect(await auditOf(key.id)).toEqual(before);
    expect((await mails()).filter(({ subject }) => subject.includes('suspended'))).toHaveLength(1);
  });

  it('keeps working where only the credential that a rotation replaced was found, which ends', async () => {
    const key = await createKey(owner);
    const { body: rotated } = await owner
      .post(`/manage/v1/api-keys/${key.id}/rotate`)
      .send({ grace_seconds: 600 })
      .expect(200);
    expect(await statusOf(key)).toBe(200);
    await report(match(key.api_key));
    expect(await exposures(key.id)).toMatchObject([{ action: 'credential_ended' }]);
    expect([await statusOf(key), await statusOf(rotated as NewManagedKey)]).toEqual([401, 200]);
    expect((await auditOf(key.id)).map(({ action }) => action).slice(0, 2)).toEqual([
      'api_key.rotation_ended',
      'api_key.exposed',
    ]);
    // Now it has ended.
    await report(match(key.api_key, `${PLACE}/again`));
    expect(await exposures(key.id, 2)).toMatchObject([{ action: 'told' }, { action: 'credential_ended' }]);
  });

  it('is a real match also when it was revoked long before', async () => {
    const key = await createKey(owner);
    await owner.post(`/manage/v1/api-keys/${key.id}/revoke`).expect(200);
    expect(await report(match(key.api_key))).toEqual([label(key.api_key, true)]);
    expect(await exposures(key.id)).toMatchObject([{ action: 'told' }]);
  });

  it('is a JWT as well', async () => {
    const { id, key } = await server.newOrgKey(org);
    expect(await report(match(key))).toEqual([label(key, true)]);
    expect(await exposures(id)).toMatchObject([{ action: 'suspended' }]);
    await server.as(key).get('/whoami').expect(401);
  });

  it('is a pair only with both halves in the same file', async () => {
    const agent_id = await createAgent(owner);
    const key = await createKey(owner, { kind: 'key_secret', agent_id, scopes: ['contacts:read'] });
    const [half, secret] = [key.api_key, key.api_secret!];
    const { secret: wrong } = mintKeyPair('ocx');
    expect(await report(match(half), match(wrong), match(secret, `${PLACE}/other`))).toEqual([]);
    expect(await exposuresOf(key.id)).toEqual([]);
    expect(await report(match(wrong), match(half), match(secret))).toEqual([label(half, true), label(secret, true)]);
    expect(await exposures(key.id)).toMatchObject([{ action: 'suspended' }]);
    const { status } = await server.http.get('/whoami').set(pairHeaders(key));
    expect(status).toBe(401);
  });

  it('of a browser is public, and stays', async () => {
    const key = await createKey(owner, { type: 'client' });
    expect(await report(match(key.api_key))).toEqual([label(key.api_key, true)]);
    expect(await exposures(key.id)).toMatchObject([{ action: 'told' }]);
    const { body } = await owner.get(`/manage/v1/api-keys/${key.id}/health`).expect(200);
    expect(body.findings.map(({ code }: { code: string }) => code)).not.toContain('exposed');
  });

  it('is a finding while the credential still works', async () => {
    await choose('tell');
    const key = await createKey(owner);
    const codes = async () => {
      const { body } = await owner.get(`/manage/v1/api-keys/${key.id}/health`).expect(200);
      return body.findings.map(({ code }: { code: string }) => code) as string[];
    };
    await report(match(key.api_key));
    await exposures(key.id);
    expect((await codes())[0]).toBe('exposed');
    await owner.post(`/manage/v1/api-keys/${key.id}/rotate`).send({ grace_seconds: 0 }).expect(200);
    expect(await codes()).not.toContain('exposed');
  });

  it('is of a partner: it is recorded in the audit of the installation, and stays', async () => {
    const partner = await server.newPartner();
    expect(await report(match(partner.key))).toEqual([label(partner.key, true)]);
    const sql = `SELECT changes->'action'->>'after' AS action FROM audit_entries
      JOIN api_keys ON api_keys.id = target_id WHERE partner_id = $1 AND action = 'api_key.exposed'`;
    let rows: { action: string }[] = [];
    await until('the entry', async () => {
      ({ rows } = await server.owner.query<{ action: string }>(sql, [partner.id]));
      return rows.length === 1;
    });
    expect(rows).toEqual([{ action: 'told' }]);
    await server.as(partner.key).get('/partner/v1/orgs').expect(200);
  });
});

describe('a report', () => {
  it('labels what this server never made, and costs no query for it', async () => {
    const [typo, foreign, unknown] = [
      `${mintOpaqueKey('ocx', 'live').slice(0, -1)}!`,
      'sk_live_1',
      mintOpaqueKey('ocx', 'live'),
    ];
    const sql = SqlCount.start();
    try {
      const statements = await sql.during(async () => {
        expect(await report(match(typo), match(foreign))).toEqual([label(typo, false), label(foreign, false)]);
      });
      expect(statements.filter((text) => text.includes('key_credentials'))).toEqual([]);
    } finally {
      sql.stop();
    }
    expect(await report(match(unknown), match(unknown))).toEqual([label(unknown, false)]);
    expect(await report()).toEqual([]);
  });

  it('of 2,000 matches is answered', async () => {
    const matches = Array.from({ length: 2_000 }, (_, index) =>
      match(mintOpaqueKey('ocx', 'live'), `${PLACE}/${index}`),
    );
    const key = await createKey(owner);
    const labels = await report(...matches, match(key.api_key));
    expect(labels.filter((each) => each.label === 'true_positive')).toEqual([label(key.api_key, true)]);
    expect(labels).toHaveLength(2_001);
  });

  it('keeps at most 100 places of a key', async () => {
    const key = await createKey(owner);
    for (const part of ['a', 'b']) {
      await report(...Array.from({ length: 150 }, (_, index) => match(key.api_key, `${PLACE}/${part}${index}`)));
      await until('the places', async () => (await exposuresOf(key.id))[0]?.url?.includes(`/${part}`) === true);
    }
    expect(await exposuresOf(key.id)).toHaveLength(100);
  });

  it('is refused unless GitHub signed exactly this body', async () => {
    const key = await createKey(owner);
    const body = JSON.stringify([match(key.api_key)]);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const forged = sign('sha256', Buffer.from(body), privateKey).toString('base64');
    const post = (headers: Record<string, string>, sent = body) =>
      fetch(`${server.url}/leaks/github`, {
        method: 'POST',
        headers: { ...github.headers(body), ...headers },
        body: sent,
      });
    const statuses = await Promise.all([
      post({}, ` ${body}`),
      post({}, body.replace('commit', 'Commit')),
      post({ 'Github-Public-Key-Signature': forged }),
      post({ 'Github-Public-Key-Signature': 'AAAAAAAAAAAA' }),
      post({ 'Github-Public-Key-Identifier': 'f'.repeat(64) }),
      post({ 'Github-Public-Key-Identifier': '' }),
      post({ 'Github-Public-Key-Signature': 'x y' }),
      post({ 'Content-Type': 'text/plain' }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 400, 400, 415]);
    expect(await exposuresOf(key.id)).toEqual([]);
    expect(await statusOf(key)).toBe(200);
  });

  it('that is signed but malformed is a 400', async () => {
    for (const body of ['', '{', '{}', 'null', '[1]', '[{"token":7}]', `[${'['.repeat(50)}${']'.repeat(50)}]`]) {
      expect([body, (await github.report(server.url, body)).status]).toEqual([body, 400]);
    }
    expect((await github.report(server.url, `[${' '.repeat(4 * 1024 * 1024)}]`)).status).toBe(413);
  });
});

describe("GitHub's public keys", () => {
  let own: Github;
  let other: TestServer;
  beforeEach(async () => {
    own = await Github.start();
    other = await TestServer.start({ ...own.settings, LIMIT_AUTH_FAILURES_PER_MINUTE: '10' });
  });
  const end = async () => {
    await other.close();
    await own.close();
  };

  it('are asked for once, and again for an unknown id at most once a minute', async () => {
    for (let round = 0; round < 3; round++) expect((await own.report(other.url, [])).status).toBe(200);
    expect(own.asked).toBe(1);
    const unknown = { 'Github-Public-Key-Identifier': 'f'.repeat(64) };
    await Promise.all(Array.from({ length: 5 }, () => own.report(other.url, [], unknown)));
    expect(own.asked).toBe(1);
    await end();
  });

  it('are several while GitHub replaces one', async () => {
    own.others = [null, 7, { key_identifier: 'x' }, { key_identifier: 'y', key: 'no key' }];
    const old = own.headers('[]');
    own.rotate();
    expect((await own.report(other.url, [])).status).toBe(200);
    expect((await own.report(other.url, '[]', old)).status).toBe(200);
    await end();
  });

  it('that cannot be read make the answer a 503, and the report can be repeated', async () => {
    own.stub.answers(500);
    const answer = await own.report(other.url, []);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '60']);
    await end();
  });

  it('of other algorithms and in other forms are not used', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = publicKey.export({ type: 'spki', format: 'pem' });
    own.others = [{ key_identifier: 'rsa', key, is_current: true }];
    const signature = sign('sha256', Buffer.from('[]'), privateKey).toString('base64').slice(0, 96);
    const headers = { 'Github-Public-Key-Identifier': 'rsa', 'Github-Public-Key-Signature': signature };
    expect((await own.report(other.url, '[]', headers)).status).toBe(403);
    await end();
  });

  it('cost a client that sends wrong signatures its limit, and GitHub is heard on', async () => {
    const wrong = { 'Github-Public-Key-Identifier': 'f'.repeat(64), 'X-Forwarded-For': '203.0.113.9' };
    const statuses: number[] = [];
    for (let round = 0; round < 12; round++) statuses.push((await own.report(other.url, [], wrong)).status);
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 403));
    expect(statuses.slice(10)).toEqual([429, 429]);
    expect((await own.report(other.url, [], { 'X-Forwarded-For': '203.0.113.10' })).status).toBe(200);
    await end();
  });
});

it('without the setting there is no such route', async () => {
  const plain = await TestServer.start();
  expect((await github.report(plain.url, [])).status).toBe(404);
  await plain.close();
});

it('the places of a key are shown to members of its org only', async () => {
  const key = await createKey(owner);
  const stranger = server.signedIn(await server.newSession(await server.newOrg()));
  await stranger.get(`/manage/v1/api-keys/${key.id}/exposures`).expect(404);
  await owner.get(`/manage/v1/api-keys/${UNKNOWN_ID}/exposures`).expect(404);
  const member = await signedInAs(server, org, 'Member');
  expect((await member.get(`/manage/v1/api-keys/${key.id}/exposures`).expect(200)).body).toEqual({ items: [] });
});
