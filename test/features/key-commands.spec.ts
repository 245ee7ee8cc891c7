import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { gatehouse } from '../support/gatehouse.js';
import { createKey, readKey, type Signed, signedInAs } from '../support/manage.js';
import { type TestOrg, TestServer } from '../support/start-app.js';
import { UNKNOWN_ID } from '../support/unknown-id.js';

const ENCRYPTION_KEY = randomBytes(32).toString('base64');
const server = TestServer.forSuite({ ENCRYPTION_KEY });
let org: TestOrg;
let admin: Signed;
beforeAll(async () => {
  org = await server.newOrg();
  admin = await signedInAs(server, org, 'Admin');
});

const run = (...args: string[]) =>
  gatehouse({ LOG_LEVEL: 'silent', DATABASE_URL: server.databaseUrl, ENCRYPTION_KEY }, 'key', ...args);

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect([stderr, code]).toEqual(['', 0]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('gatehouse key create', () => {
  it('prints a working key alone on the last line', async () => {
    const { code, stdout } = await run('create', '--org', org.id, '--name', 'CLI', '--scope', 'contacts:read');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Key [0-9a-f-]{36} \(CLI\) of org Acme Tours\. It is not shown again:\nocx_live_\w+\n$/);
    await server.as(stdout.trim().split('\n').at(-1)!).get('/contacts').expect(200);
  });

  it('takes all settings', async () => {
    const settings = ['--description', 'Night job', '--allow-ip', '203.0.113.0/24', '--per-minute', '5'];
    const labels = ['--tag', 'b', '--tag', 'a', '--metadata', 'plan=pro', '--metadata', 'note=a=b'];
    const given = [...settings, ...labels, '--external-id', 'cli-1', '--expires-at', '2999-01-01T00:00:00Z'];
    const { api_key_id } = await json('create', '--org', org.id, '--format', 'jwt', '--full-access', ...given);
    expect(await readKey(admin, api_key_id as string)).toMatchObject({
      name: 'Default',
      description: 'Night job',
      access: 'full',
      allowed_ips: ['203.0.113.0/24'],
      tags: ['a', 'b'],
      metadata: { plan: 'pro', note: 'a=b' },
      external_id: 'cli-1',
      expires_at: '2999-01-01T00:00:00.000Z',
      masked_key: expect.stringMatching(/^eyJ/),
      created_by: { type: 'operator' },
    });
  });

  it('prints the secret of a key for an agent', async () => {
    const { body } = await admin.post('/manage/v1/agents').send({ name: 'Receptionist' }).expect(201);
    const agent = (body as { id: string }).id;
    const pair = ['--kind', 'key_secret', '--agent', agent, '--scope', 'contacts:read'];
    const { api_key, api_secret } = await json('create', '--org', org.id, ...pair);
    const headers = { 'X-API-Key': api_key as string, 'X-API-Secret': api_secret as string };
    await server.http.get(`/v1/open/contacts/chatbots/${agent}`).set(headers).expect(200);
  });

  it('gives no full access that is not asked for, and names what is wrong', async () => {
    const failure = async (...args: string[]) => (await run('create', '--org', org.id, ...args)).stderr;
    expect(await failure()).toBe('gatehouse: scopes must list at least one scope\n');
    expect(await failure('--full-access', '--per-hour', 'ten')).toMatch(/rate_limit\.per_hour/);
    expect(await failure('--full-access', '--metadata', 'plan')).toMatch(/give NAME=VALUE/);
    expect(await failure('--full-access', '--external-id', 'cli-1')).toMatch(/external_id already exists/);
    expect((await run('create', '--org', UNKNOWN_ID, '--full-access')).stderr).toBe('gatehouse: Org not found\n');
  });
});

describe('gatehouse key list', () => {
  it("lists an org's keys by label and state", async () => {
    const [one, two] = [
      await createKey(admin, { tags: ['listed'], metadata: { tier: '1' }, external_id: 'listed-1' }),
      await createKey(admin, { tags: ['listed'] }),
    ];
    await run('suspend', two.id);
    const idsOf = async (...args: string[]) =>
      ((await json('list', '--org', org.id, ...args))['items'] as { api_key_id: string }[]).map(
        (key) => key.api_key_id,
      );
    expect(await idsOf('--tag', 'listed')).toEqual([two.id, one.id]);
    expect(await idsOf('--tag', 'listed', '--state', 'suspended')).toEqual([two.id]);
    expect(await idsOf('--metadata', 'tier:1')).toEqual([one.id]);
    expect(await idsOf('--external-id', 'listed-1')).toEqual([one.id]);
    const { stdout } = await run('list', '--org', org.id, '--tag', 'listed');
    expect(stdout).toContain(`${two.id}  suspended  ${two.masked_key}`);
    expect((await run('list', '--org', org.id, '--tag', 'none')).stdout).toBe('There are no keys.\n');
    expect((await run('list', '--org', UNKNOWN_ID)).stderr).toBe('gatehouse: Org not found\n');
  });
});

describe('gatehouse key show', () => {
  it('shows keys of any owner without their credentials', async () => {
    const key = await createKey(admin, { tags: ['shown'], metadata: { plan: 'pro' } });
    await server.as(key.api_key).get('/contacts').expect(200);
    await readKey(admin, key.id);
    const shown = await json('show', key.id);
    expect(shown).toMatchObject({
      api_key_id: key.id,
      org_id: org.id,
      state: 'active',
      tags: ['shown'],
      metadata: { plan: 'pro' },
      revision: 1,
      last_used_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const text = (await run('show', key.id)).stdout;
    expect(text).toMatch(/^metadata +plan=pro$/m);
    expect(text).not.toContain(key.api_key);
    const { rows } = await server.database.query('SELECT id FROM api_keys WHERE partner_id = $1', [org.partner.id]);
    expect(await json('show', rows[0]!['id'] as string)).toMatchObject({ partner_id: org.partner.id, org_id: null });
    expect((await run('show', 'nothing')).stderr).toBe('gatehouse: API key not found\n');
  });
});

describe('gatehouse key update', () => {
  it('changes what it names, and the running server applies it once the command has ended', async () => {
    const { id, api_key } = await createKey(admin, {
      scopes: ['contacts:read', 'tags:read'],
      metadata: { plan: 'free', owner: 'ada' },
      tags: ['old'],
    });
    await server.as(api_key).get('/tags').expect(200);
    const metadata = ['--metadata', 'plan=pro', '--remove-metadata', 'owner'];
    const { stdout } = await run('update', id, '--name', 'Renamed', '--scope', 'contacts:read', ...metadata);
    expect(stdout).toBe(`Key ${id} is at revision 2.\n`);
    await server.as(api_key).get('/tags').expect(403);
    expect(await readKey(admin, id)).toMatchObject({ name: 'Renamed', metadata: { plan: 'pro' }, tags: ['old'] });
    await json('update', id, '--clear', 'tags', '--clear', 'metadata', '--clear', 'description');
    expect(await readKey(admin, id)).toMatchObject({ metadata: {}, tags: [] });
  });

  it('is refused if the key changed since the named revision', async () => {
    const { id } = await createKey(admin);
    expect(await json('update', id, '--name', 'One', '--if-revision', '1')).toEqual({ api_key_id: id, revision: 2 });
    const { code, stderr } = await run('update', id, '--name', 'Two', '--if-revision', '1');
    expect([code, stderr]).toEqual([1, expect.stringContaining('the ETag is "2" now')]);
    expect((await readKey(admin, id)).name).toBe('One');
  });

  it('takes only fields that have a default for --clear, and only keys of orgs', async () => {
    const { id } = await createKey(admin);
    expect((await run('update', id, '--clear', 'scopes')).stderr).toMatch(/--clear takes one of: description/);
    const { rows } = await server.database.query('SELECT id FROM api_keys WHERE partner_id = $1', [org.partner.id]);
    const partnerKey = rows[0]!['id'] as string;
    expect((await run('update', partnerKey, '--name', 'X')).stderr).toBe('gatehouse: API key of an org not found\n');
  });
});

describe('gatehouse key rotate and revoke', () => {
  it('replace the credential, and end the key for good', async () => {
    const { id, api_key } = await createKey(admin);
    const { stdout } = await run('rotate', id, '--grace-seconds', '0');
    const rotated = stdout.trim().split('\n').at(-1)!;
    await server.as(api_key).get('/contacts').expect(401);
    await server.as(rotated).get('/contacts').expect(200);
    expect((await run('rotate', id, '--grace-seconds', '-1')).stderr).toMatch(/grace_seconds/);
    expect((await run('revoke', id)).stdout).toBe(`Key ${id} is revoked.\n`);
    await server.as(rotated).get('/contacts').expect(401);
    expect((await run('rotate', id)).stderr).toMatch(/This API key is revoked/);
    expect((await run('revoke', id)).code).toBe(0);
  });
});
