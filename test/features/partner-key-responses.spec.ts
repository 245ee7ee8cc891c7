import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KeyExposureView } from '../../src/insight/leaks/key-exposure.dto.js';
import { gatehouse } from '../support/gatehouse.js';
import { Github } from '../support/github.js';
import { createKey, type Signed, signedInAs } from '../support/manage.js';
import { type Client, type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';
import { until } from '../support/until.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const PLACE = 'https://github.com/acme/website/blob/1f2e3d/settings.py';
const DEFAULTS = { expiry_notices: true, idle_notices: false, on_exposed: 'suspend' };
const NOT_YOURS = { statusCode: 403, message: 'Org does not belong to this partner.' };

let github: Github;
beforeAll(async () => {
  github = await Github.start();
});
afterAll(() => github.close());
const server = TestServer.forSuite(() => ({ ENCRYPTION_KEY, ...github.settings }));
let org: TestOrg;
let partner: Client;
let owner: Signed;
beforeEach(async () => {
  org = await server.newOrg();
  partner = server.as(org.partner.key);
  owner = await signedInAs(server, org, 'Owner');
});

const path = () => `/partner/v1/orgs/${org.id}`;
const change = (body: object) => partner.patch(path()).send(body);
const run = (...args: string[]) =>
  gatehouse({ LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY }, ...args);

interface Entry {
  readonly actor_type: string;
  readonly actor_id: string | null;
  readonly changes: object;
}

/** The changes of the org, oldest first. */
async function changes(): Promise<Entry[]> {
  const sql = `SELECT actor_type, actor_id, changes FROM audit_entries
    WHERE org_id = $1 AND action = 'org.updated' ORDER BY sequence`;
  return (await server.database.pool.query<Entry>(sql, [org.id])).rows;
}

async function stored(): Promise<object> {
  const sql = 'SELECT expiry_notices, idle_notices, on_exposed FROM orgs WHERE id = $1';
  return (await server.database.query(sql, [org.id])).rows[0]!;
}

/** Waits until the job has recorded the place. */
async function exposed(key: { readonly id: string; readonly api_key: string }): Promise<readonly KeyExposureView[]> {
  const match = { token: key.api_key, type: 'ocx_live_api_key', url: PLACE, source: 'commit' };
  expect((await github.report(server.url, [match])).status).toBe(200);
  let items: readonly KeyExposureView[] = [];
  await until('the place', async () => {
    items = (await owner.get(`/manage/v1/api-keys/${key.id}/exposures`).expect(200)).body.items;
    return items.length === 1;
  });
  return items;
}

describe('a partner', () => {
  it('reads and changes what happens to the keys of its org, as members do', async () => {
    expect((await partner.get(path()).expect(200)).body).toMatchObject(DEFAULTS);
    const wanted = { expiry_notices: false, idle_notices: true, on_exposed: 'revoke' };
    expect((await change(wanted).expect(200)).body).toMatchObject({ id: org.id, ...wanted });
    expect((await partner.get(path()).expect(200)).body).toMatchObject(wanted);
    expect((await owner.get('/manage/v1/org').expect(200)).body).toMatchObject(wanted);
    await owner.patch('/manage/v1/org').send({ on_exposed: 'tell' }).expect(200);
    expect((await change({ name: 'Renamed' }).expect(200)).body).toMatchObject({ ...wanted, on_exposed: 'tell' });
  });

  it('is the actor of its change in the audit, and a repeat adds no entry', async () => {
    await change({ idle_notices: true, on_exposed: 'suspend' }).expect(200);
    await change({ idle_notices: true, on_exposed: 'suspend' }).expect(200);
    const after = { idle_notices: { before: false, after: true } };
    expect(await changes()).toEqual([{ actor_type: 'partner', actor_id: org.partner.id, changes: after }]);
  });

  it.each<[string, object]>([
    ['expiry_notices', { expiry_notices: 'true' }],
    ['expiry_notices', { expiry_notices: null }],
    ['idle_notices', { idle_notices: 1 }],
    ['idle_notices', { idle_notices: null }],
    ['on_exposed', { on_exposed: 'ignore' }],
    ['on_exposed', { on_exposed: null }],
    ['on_exposed', { on_exposed: ['tell'] }],
    ['weekly_key_report', { weekly_key_report: true }],
  ])('gets a 400 for an invalid %s, and nothing is written: %j', async (field, sent) => {
    const { body } = await change({ name: 'Never', expiry_notices: false, ...sent }).expect(400);
    expect(Object.keys(body)).toEqual(['statusCode', 'message']);
    expect(body.message).toMatch(new RegExp(`^${field}\\b`));
    expect([await stored(), await changes()]).toEqual([DEFAULTS, []]);
  });

  it('changes nothing of an org of another partner', async () => {
    const stranger = server.as((await server.newPartner()).key);
    const { body } = await stranger.patch(path()).send({ on_exposed: 'tell' }).expect(403);
    expect(body).toMatchObject(NOT_YOURS);
    expect([await stored(), await changes()]).toEqual([DEFAULTS, []]);
  });

  it('and a member change different settings at once, and both changes stay', async () => {
    const answers = await Promise.all([
      change({ on_exposed: 'revoke' }),
      owner.patch('/manage/v1/org').send({ idle_notices: true }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await stored()).toEqual({ expiry_notices: true, idle_notices: true, on_exposed: 'revoke' });
    expect((await changes()).map(({ actor_type }) => actor_type).toSorted()).toEqual(['partner', 'user']);
  });

  it('sends the same change several times at once, and it is made once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => change({ on_exposed: 'tell' })));
    expect(answers.map(({ status, body }) => [status, body.on_exposed as string])).toEqual(
      Array.from({ length: 5 }, () => [200, 'tell']),
    );
    const after = { on_exposed: { before: 'suspend', after: 'tell' } };
    expect((await changes()).map((entry) => entry.changes)).toEqual([after]);
  });
});

it('a key of an org with full access cannot change what happens to exposed keys', async () => {
  const client = await server.newClient(org);
  await client.patch('/org').send({ on_exposed: 'tell' }).expect(400);
  expect(await stored()).toEqual(DEFAULTS);
});

describe('the places where a key was found', () => {
  it('are shown to its partner as to members, after what the partner chose was done', async () => {
    await change({ on_exposed: 'revoke' }).expect(200);
    const key = await createKey(owner);
    const places = `${path()}/api-keys/${key.id}/exposures`;
    expect((await partner.get(places).expect(200)).body).toEqual({ items: [] });
    const items = await exposed(key);
    expect(items).toMatchObject([{ reported_by: 'github', url: PLACE, found_in: 'commit', action: 'revoked' }]);
    expect((await partner.get(places).expect(200)).body).toEqual({ items });
    await server.as(key.api_key).get('/whoami').expect(401);
  });

  it('are not shown to another partner, nor below another org', async () => {
    const { id } = await createKey(owner);
    const stranger = server.as((await server.newPartner()).key);
    const { body } = await stranger.get(`${path()}/api-keys/${id}/exposures`).expect(403);
    expect(body).toMatchObject(NOT_YOURS);
    const sibling = await server.newOrg(org.partner);
    await partner.get(`/partner/v1/orgs/${sibling.id}/api-keys/${id}/exposures`).expect(404);
    for (const unknown of [UNKNOWN_ID, 'x']) {
      await partner.get(`${path()}/api-keys/${unknown}/exposures`).expect(404);
    }
  });
});

describe('gatehouse org update', () => {
  it('changes the given settings only, and the list shows them', async () => {
    const updated = JSON.parse((await run('org', 'update', org.id, '--on-exposed', 'revoke', '--json')).stdout);
    expect(updated).toMatchObject({ id: org.id, ...DEFAULTS, on_exposed: 'revoke' });
    const ended = await run('org', 'update', org.id, '--expiry-notices', 'false', '--idle-notices', 'true');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/expiry notices +false\nidle notices +true\non exposed +revoke\n$/);
    const wanted = { expiry_notices: false, idle_notices: true, on_exposed: 'revoke' };
    expect((await partner.get(path()).expect(200)).body).toMatchObject(wanted);
    const { items } = JSON.parse((await run('org', 'list', '--json')).stdout) as { items: { id: string }[] };
    expect(items.find(({ id }) => id === org.id)).toMatchObject(wanted);
    expect((await changes()).map(({ actor_type }) => actor_type)).toEqual(['operator', 'operator']);
  });

  it('refuses no option, other values and an unknown org, and writes nothing', async () => {
    const refusals = [
      [[org.id], 'Give at least one option to change.'],
      [[org.id, '--on-exposed', 'ignore'], '--on-exposed must be one of revoke, suspend, tell.'],
      [[org.id, '--idle-notices', 'yes'], '--idle-notices must be one of true, false.'],
      [[UNKNOWN_ID, '--idle-notices', 'true'], 'Org not found'],
      [['x', '--idle-notices', 'true'], 'Org not found'],
    ] as const;
    for (const [args, problem] of refusals) {
      const { code, stderr, stdout } = await run('org', 'update', ...args);
      expect([args, stdout, code === 0, stderr.includes(problem)]).toEqual([args, '', false, true]);
    }
    expect([await stored(), await changes()]).toEqual([DEFAULTS, []]);
  });
});

describe('gatehouse key exposures', () => {
  it('lists the places where a key was found', async () => {
    const key = await createKey(owner);
    expect(await run('key', 'exposures', key.id)).toEqual({
      code: 0,
      stderr: '',
      stdout: 'The key was not found in public.\n',
    });
    const items = await exposed(key);
    expect(JSON.parse((await run('key', 'exposures', key.id, '--json')).stdout)).toEqual({ items });
    const { stdout } = await run('key', 'exposures', key.id);
    expect(stdout).toContain(`${items[0]!.created_at}  github       suspended  commit  ${PLACE}\n`);
  });

  it('fails for an unknown key and for one of a partner', async () => {
    const { items } = JSON.parse((await run('partner', 'key', 'list', '--partner', org.partner.id, '--json')).stdout);
    for (const id of [UNKNOWN_ID, items[0].api_key_id as string]) {
      const { code, stderr } = await run('key', 'exposures', id);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^gatehouse: API key( of an org)? not found\n$/)]);
    }
  });
});
